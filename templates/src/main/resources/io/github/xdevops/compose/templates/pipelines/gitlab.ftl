# Written by `mvn compose:ci`; yours from here on. Each branch is deployed to a URL of its own and goes with the branch,
# or when its time is over. The default branch is deployed as `staging`, which stays.
#
# To set up once, in Settings > CI/CD > Variables (not protected: branches that are not protected need them, too):
#   COMPOSE_SSH_KEY      type File: the private key that may log in to the server
#   COMPOSE_KNOWN_HOSTS  type File: the server's host keys, as `ssh-keyscan -p PORT HOST` shows them; compare them first
[#list secrets as secret]
#   [=secret?no_esc]  masked
[/#list]
#   COMPOSE_GITLAB_TOKEN if you like, masked: a project access token with the role Developer and the scope api. With it the
#                        merge request has a comment that says where the environment is, and when it is gone.
# DNS has to lead every name below REVIEW_DOMAIN to the server. [#if builds?has_content]Images are built by Docker in Docker, for which the runner has to be
# privileged, and pushed to GitLab's registry.[#else]Images that the compose file names have to be where the
# server can pull them from: put the jobs that build and push them into a stage before `review`.[/#if]
[#if addition]
#
# To add to .gitlab-ci.yml: `include: [{local: .gitlab/review.yml}]`, and the stages [#if builds?has_content]`review-build`, [/#if]`review` and `staging` to its `stages`.
[#else]

stages: [[#if builds?has_content]review-build, [/#if]review, staging]
[/#if]

variables:
  # With its version, because the job that stops has no POM.
  COMPOSE_PLUGIN: [=plugin]
  REVIEW_HOST: [=host]
  REVIEW_DOMAIN: [=domain]
[#if addition]

.compose:
  image: maven:3.9-eclipse-temurin-17
  variables:
    MAVEN_OPTS: -Dmaven.repo.local=$CI_PROJECT_DIR/.m2/repository
  cache:
    key: maven
    paths: [.m2/repository]
[#else]
  MAVEN_OPTS: -Dmaven.repo.local=$CI_PROJECT_DIR/.m2/repository

default:
  image: maven:3.9-eclipse-temurin-17
  cache:
    key: maven
    paths: [.m2/repository]
[/#if]
[#if builds?has_content]

review-build:
  stage: review-build
  rules:
    - if: $CI_COMMIT_BRANCH
  image: docker:27
  services: ["docker:27-dind"]
  script:
    - echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"
    - |
[#list builds as build]
[#list build as line]
      [=line?no_esc]
[/#list]
[/#list]
[/#if]

review-deploy:
[#if addition]
  extends: .compose
[/#if]
  stage: review
  rules:
    - if: $CI_COMMIT_BRANCH && $CI_COMMIT_BRANCH != $CI_DEFAULT_BRANCH
  environment:
    name: review/$CI_COMMIT_REF_NAME
    # GitLab shows this URL, and the deploy takes it from CI_ENVIRONMENT_URL.
    url: [=scheme?no_esc]://$CI_ENVIRONMENT_SLUG[=below?no_esc].$REVIEW_DOMAIN
    on_stop: review-stop
    # GitLab's own view of the time; the server keeps it also when GitLab or its runners do not.
    auto_stop_in: [=autoStop?no_esc]
  script:
    - >-
      mvn -B -ntp "$COMPOSE_PLUGIN:deploy" -Dcompose.host="$REVIEW_HOST" -Dcompose.lifetime=[=lifetime?no_esc]
[#list connection + options as option]
      [=option?no_esc]
[/#list]
  artifacts:
    when: always
    paths: [target/compose/]
    reports:
      # COMPOSE_URL and others as variables of later jobs, and links on the job's page.
      dotenv: target/compose/deployment.env
      annotations: target/compose/annotations.json

# Runs when the branch is deleted, also by the merge of its request, or by hand.
review-stop:
[#if addition]
  extends: .compose
[/#if]
  stage: review
  rules:
    - if: $CI_COMMIT_BRANCH && $CI_COMMIT_BRANCH != $CI_DEFAULT_BRANCH
      when: manual
      # Else the pipeline would wait for it.
      allow_failure: true
  environment:
    name: review/$CI_COMMIT_REF_NAME
    action: stop
  variables:
    # The branch is gone by then, and there is nothing to check out.
    GIT_STRATEGY: none
  dependencies: []
  script:
    - >-
      mvn -B -ntp "$COMPOSE_PLUGIN:down" -Dcompose.host="$REVIEW_HOST"
[#list connection as option]
      [=option?no_esc]
[/#list]

# Restarts with the server and is taken down with -Dcompose.force=true only. Where the key is behind `compose:gate`, the
# gate has to be written with -Dcompose.gate.allow=persistent.
staging:
[#if addition]
  extends: .compose
[/#if]
  stage: staging
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  environment:
    name: staging
    url: [=scheme?no_esc]://$CI_ENVIRONMENT_SLUG[=below?no_esc].$REVIEW_DOMAIN
  script:
    - >-
      mvn -B -ntp "$COMPOSE_PLUGIN:deploy" -Dcompose.host="$REVIEW_HOST" -Dcompose.lifetime=forever
[#list connection + stagingOptions as option]
      [=option?no_esc]
[/#list]
  artifacts:
    when: always
    paths: [target/compose/]
    reports:
      # COMPOSE_URL and others as variables of later jobs, and links on the job's page.
      dotenv: target/compose/deployment.env
      annotations: target/compose/annotations.json
