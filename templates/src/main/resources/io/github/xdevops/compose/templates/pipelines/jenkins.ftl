// Written by `mvn compose:ci`; change it as you like. For a multibranch pipeline: each branch is deployed to its own URL.
// Jenkins sends no event when a branch is deleted. The environment is removed when its lifetime expires, which each build
// renews, or by `mvn compose:down -Dcompose.branch=BRANCH`.
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

    environment {
        COMPOSE_PLUGIN = '[=plugin?no_esc]'
        REVIEW_HOST = '[=host?no_esc]'
        REVIEW_DOMAIN = '[=domainUrl?no_esc]'
    }

    stages {
        stage('Review') {
            when {
                // The default branch, and pull requests from forks.
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
                    // The results, and the logs of the services, also of failed ones.
                    archiveArtifacts artifacts: 'target/compose/*', allowEmptyArchive: true
                }
            }
        }
    }
}
