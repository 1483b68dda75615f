// Written by `mvn compose:ci`; change it as you like. For a multibranch pipeline: each branch is deployed to its own URL.
// Jenkins sends no event when a branch is deleted. The environment is removed when its lifetime expires, which each build
// renews, or by `mvn compose:down -Dcompose.branch=BRANCH`. The default branch is deployed as the persistent environment
// `staging`, whose images `production` runs.
//
// Set once in Manage Jenkins > Credentials, both of the kind "Secret file":
//   compose-ssh-key      the private key for the server
//   compose-known-hosts  the server's host keys from `ssh-keyscan -p PORT HOST`; compare them first
[#if secrets?has_content]
// and of the kind "Secret text":
[#list secrets as secret]
//   [=secret?lower_case?replace("_", "-")?no_esc]
[/#list]
[/#if]
// In DNS, all names below REVIEW_DOMAIN must point to the server. [#if builds?has_content]Images are built here with Docker and sent to the
// server; the server pulls all others.[#else]The server must be able to pull the images
// of the compose file: put the stages that build and push them before 'Review'.[/#if]
pipeline {
    // An agent with Maven and Java 17 or later.
    agent any

    options {
        disableConcurrentBuilds()
    }

    parameters {
        choice(name: 'PROMOTE_TO', choices: ['none'[#list environments?filter(job -> job.promotes) as job], '[=job.name?no_esc]'[/#list]],
            description: 'On the default branch: the environment to deploy with the images of staging')
    }

    environment {
        COMPOSE_PLUGIN = '[=plugin?no_esc]'
        REVIEW_HOST = '[=host?no_esc]'
        REVIEW_DOMAIN = '[=domain?no_esc]'
    }

    stages {
        stage('Review') {
            when {
                // Not the default branch, pull requests from forks, and tags.
                expression { env.BRANCH_IS_PRIMARY != 'true' && env.CHANGE_FORK == null && env.TAG_NAME == null }
            }
            steps {
                withCredentials([
                    file(credentialsId: 'compose-ssh-key', variable: 'COMPOSE_SSH_KEY'),
                    file(credentialsId: 'compose-known-hosts', variable: 'COMPOSE_KNOWN_HOSTS'),
[#list secrets as secret]
                    string(credentialsId: '[=secret?lower_case?replace("_", "-")?no_esc]', variable: '[=secret?no_esc]'),
[/#list]
                ]) {
                    sh '''
[#list builds as build]
[#list build as line]
                        [=line?no_esc]
[/#list]
[/#list]
                        mvn -B -ntp "$COMPOSE_PLUGIN:deploy" -Dcompose.host="$REVIEW_HOST" -Dcompose.domain="[=scheme?no_esc]://$REVIEW_DOMAIN" [#list ["-Dcompose.lifetime=" + lifetime] + connection + options as option][=option?no_esc][#sep] [/#list]
                    '''
                }
            }
            post {
                always {
                    // The results, and the logs of the services, also of failed ones.
                    archiveArtifacts artifacts: 'target/compose/*', allowEmptyArchive: true
                }
            }
        }
        // Persistent environments restart with the server, and are only removed with -Dcompose.force=true. If the key is behind
        // `compose:gate`, the gate needs -Dcompose.gate.allow=persistent, and the services limits of their own.
[#list environments as job]
[#if job.promotes]
        // Runs exactly the images that staging runs at that moment: in builds of a tag, or by hand (Build with Parameters).
[/#if]
        stage('[=job.name?cap_first?no_esc]') {
            when {
[#if job.promotes]
                expression { env.TAG_NAME != null || env.BRANCH_IS_PRIMARY == 'true' && params.PROMOTE_TO == '[=job.name?no_esc]' }
[#else]
                expression { env.BRANCH_IS_PRIMARY == 'true' && (params.PROMOTE_TO == null || params.PROMOTE_TO == 'none') }
[/#if]
            }
            steps {
                withCredentials([
                    file(credentialsId: 'compose-ssh-key', variable: 'COMPOSE_SSH_KEY'),
                    file(credentialsId: 'compose-known-hosts', variable: 'COMPOSE_KNOWN_HOSTS'),
[#list secrets as secret]
                    string(credentialsId: '[=secret?lower_case?replace("_", "-")?no_esc]', variable: '[=secret?no_esc]'),
[/#list]
                ]) {
                    sh '''
[#if !job.promotes]
[#list builds as build]
[#list build as line]
                        [=line?no_esc]
[/#list]
[/#list]
[/#if]
                        mvn -B -ntp "$COMPOSE_PLUGIN:deploy" -Dcompose.host="$REVIEW_HOST" -Dcompose.environment=[=job.name?no_esc] -Dcompose.url="[=scheme?no_esc]://[=job.name?no_esc].$REVIEW_DOMAIN" [#list ["-Dcompose.lifetime=forever"] + connection + job.options as option][=option?no_esc][#sep] [/#list]
                    '''
                }
            }
            post {
                always {
                    archiveArtifacts artifacts: 'target/compose/*', allowEmptyArchive: true
                }
            }
        }
[/#list]
    }
}
