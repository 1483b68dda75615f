# Written by `mvn compose:ci`; change it as you like. Each branch is deployed to its own URL, and removed with the branch or when
# its lifetime expires. The default branch is deployed as the persistent environment `staging`, whose images `production` runs.
#
# Set once in Settings > CI/CD > Variables (not protected, because unprotected branches need them):
#   COMPOSE_SSH_KEY      type File: the private key for the server
#   COMPOSE_KNOWN_HOSTS  type File: the server's host keys from `ssh-keyscan -p PORT HOST`; compare them first
[#list secrets as secret]
#   [=secret?no_esc]  masked
[/#list]
#   COMPOSE_GITLAB_TOKEN optional, masked: a project access token with the role Developer and the scope api, for a comment
#                        with the URL on the merge request
# In DNS, all names below REVIEW_DOMAIN must point to the server. [#if builds?has_content]Images are built by Docker in Docker, which needs a
# privileged runner, and pushed to GitLab's registry.[#else]The server must be able to pull the images
# of the compose file: put the jobs that build and push them into a stage before `review`.[/#if]
[#if addition]
#
# To add to .gitlab-ci.yml: `include: [{local: .gitlab/review.yml}]`, and the stages [#if builds?has_content]`review-build`, [/#if]`review`, `staging` and `production` to its `stages`.
[#else]

stages: [[#if builds?has_content]review-build, [/#if]review, staging, production]
[/#if]

variables:
  # With a version, because the stop job has no POM.
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
    # GitLab shows this URL, and the deploy reads it from CI_ENVIRONMENT_URL.
    url: [=scheme?no_esc]://$CI_ENVIRONMENT_SLUG[=below?no_esc].$REVIEW_DOMAIN
    on_stop: review-stop
    # GitLab's own timer; the server enforces the lifetime without it.
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
      # COMPOSE_URL and other variables for later jobs, and links on the job's page.
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
      # Otherwise the pipeline would wait for it.
      allow_failure: true
  environment:
    name: review/$CI_COMMIT_REF_NAME
    action: stop
  variables:
    # The branch is deleted by then, so there is nothing to check out.
    GIT_STRATEGY: none
  dependencies: []
  script:
    - >-
      mvn -B -ntp "$COMPOSE_PLUGIN:down" -Dcompose.host="$REVIEW_HOST"
[#list connection as option]
      [=option?no_esc]
[/#list]

# Persistent environments restart with the server, and are only removed with -Dcompose.force=true. If the key is behind
# `compose:gate`, the gate needs -Dcompose.gate.allow=persistent, and the services limits of their own.
[#list environments as job]

[#if job.promotes]
# Runs exactly the images that staging runs at that moment: with each tag, or by hand.
[/#if]
[=job.name?no_esc]:
[#if addition]
  extends: .compose
[/#if]
  stage: [=job.promotes?then("production", "staging")?no_esc]
  rules:
[#if job.promotes]
    - if: $CI_COMMIT_TAG
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
      when: manual
      # Otherwise the pipeline would wait for it.
      allow_failure: true
[#else]
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
[/#if]
  environment:
    name: [=job.name?no_esc]
    url: [=scheme?no_esc]://[=job.name?no_esc].$REVIEW_DOMAIN
  script:
    - >-
      mvn -B -ntp "$COMPOSE_PLUGIN:deploy" -Dcompose.host="$REVIEW_HOST" -Dcompose.lifetime=forever
[#list connection + job.options as option]
      [=option?no_esc]
[/#list]
  artifacts:
    when: always
    paths: [target/compose/]
    reports:
      # COMPOSE_URL and other variables for later jobs, and links on the job's page.
      dotenv: target/compose/deployment.env
      annotations: target/compose/annotations.json
[/#list]
