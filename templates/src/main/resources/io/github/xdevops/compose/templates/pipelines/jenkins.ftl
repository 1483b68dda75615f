// Written by `mvn compose:ci`; yours from here on. For a multibranch pipeline: each branch is deployed to a URL of its own.
// Jenkins runs nothing when a branch goes, so what ends an environment is its lifetime, which each build renews; or
// `mvn compose:down -Dcompose.branch=BRANCH` by hand. The server sees to it by itself.
//
// To set up once, in Manage Jenkins > Credentials, both of the kind "Secret file":
//   compose-ssh-key      the private key that may log in to the server
//   compose-known-hosts  the server's host keys, as `ssh-keyscan -p PORT HOST` shows them; compare them first
[#if secrets?has_content]
// and of the kind "Secret text":
[#list secrets as secret]
//   [=secret?lower_case?replace("_", "-")?no_esc]
[/#list]
[/#if]
// DNS has to lead every name below REVIEW_DOMAIN to the server. [#if builds?has_content]Images are built here, with Docker, and sent to the
// server; those that are not, the server pulls.[#else]Images that the compose file names have to be where the
// server can pull them from: put the stages that build and push them before 'Review'.[/#if]
pipeline {
    // One with Maven and Java 17 or later.
    agent any

    options {
        disableConcurrentBuilds()
    }

    environment {
        COMPOSE_PLUGIN = '[=plugin?no_esc]'
        REVIEW_HOST = '[=host?no_esc]'
        REVIEW_DOMAIN = '[=domainUrl?no_esc]'
    }

    stages {
        stage('Review') {
            when {
                // The default branch, and pull requests of forks.
                not { expression { env.BRANCH_IS_PRIMARY == 'true' || env.CHANGE_FORK } }
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
                        mvn -B -ntp "$COMPOSE_PLUGIN:deploy" -Dcompose.host="$REVIEW_HOST" -Dcompose.domain="$REVIEW_DOMAIN" [#list ["-Dcompose.lifetime=" + lifetime] + connection + options as option][=option?no_esc][#sep] [/#list]
                    '''
                }
            }
            post {
                always {
                    // Where it is, and what the services said, also those that did not get ready.
                    archiveArtifacts artifacts: 'target/compose/*', allowEmptyArchive: true
                }
            }
        }
    }
}
