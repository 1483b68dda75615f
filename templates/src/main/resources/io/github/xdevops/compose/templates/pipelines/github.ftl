# Written by `mvn compose:ci`; change it as you like. Each pull request is deployed to its own URL, and removed when it is
# closed, when its branch is deleted, or when its lifetime expires. The default branch is deployed as the persistent environment
# `staging`, whose images `production` runs.
#
# Set once in Settings > Secrets and variables > Actions:
#   COMPOSE_SSH_KEY      a secret: the private key for the server
#   COMPOSE_KNOWN_HOSTS  a variable: the server's host keys from `ssh-keyscan -p PORT HOST`; compare them first
[#list secrets as secret]
#   [=secret?no_esc]  a secret
[/#list]
# In DNS, all names below REVIEW_DOMAIN must point to the server. [#if builds?has_content]Images are built here and sent to the server; the server
# pulls all others.[#else]The server must be able to pull the images
# of the compose file: put the steps that build and push them before `deploy`.[/#if]
# GitHub reports deleted branches only once this file is on the default branch.
name: review

on:
  # Not pull_request_target, which would run code of strangers with your key.
  pull_request:
    types: [opened, synchronize, reopened, closed]
  delete:
  # Of the default branch and of tags; other pushes run no job.
  push:
  workflow_dispatch:
    inputs:
      environment:
        description: The environment to deploy with the images of staging
        type: choice
        options: [[#list environments?filter(job -> job.promotes) as job][=job.name?no_esc][#sep], [/#list]]

permissions:
  contents: read
  # For a comment with the URL on the pull request, uncomment this line and those in both jobs below.
  # pull-requests: write

# One run at a time for each branch of each fork; a newer run replaces a waiting one.
concurrency:
  group: review-${{ github.event.pull_request.head.repo.full_name || github.repository }}-${{ github.head_ref || github.event.ref }}-${{ github.event.inputs.environment }}

env:
  COMPOSE_PLUGIN: [=plugin]
  REVIEW_HOST: [=host]
  REVIEW_DOMAIN: [=domain]

jobs:
  deploy:
    # Forks have no secrets, and their authors no permission.
    if: >-
      github.event_name == 'pull_request' && github.event.action != 'closed'
      && github.event.pull_request.head.repo.full_name == github.repository
    runs-on: ubuntu-latest
    environment:
      name: review/${{ github.head_ref }}
      url: ${{ steps.deploy.outputs.url }}
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-java@v4
        with: {distribution: temurin, java-version: "17"}
[#if builds?has_content]
      - run: |
[#list builds as build]
[#list build as line]
          [=line?no_esc]
[/#list]
[/#list]
[/#if]
      - id: deploy
        env:
          COMPOSE_SSH_KEY: ${{ secrets.COMPOSE_SSH_KEY }}
          COMPOSE_KNOWN_HOSTS: ${{ vars.COMPOSE_KNOWN_HOSTS }}
[#list secrets as secret]
          [=secret?no_esc]: ${{ secrets.[=secret?no_esc] }}
[/#list]
          # COMPOSE_GITHUB_TOKEN: ${{ secrets.GITHUB_TOKEN }}
        run: |
          mvn -B -ntp "$COMPOSE_PLUGIN:deploy" -Dcompose.host="$REVIEW_HOST" -Dcompose.domain="[=scheme?no_esc]://$REVIEW_DOMAIN" \
            [#list ["-Dcompose.lifetime=" + lifetime] + connection + options as option][=option?no_esc][#sep] [/#list]
      # The logs of the services, also of failed ones.
      - if: ${{ !cancelled() }}
        uses: actions/upload-artifact@v4
        with: {name: compose, path: target/compose/, if-no-files-found: ignore}

  down:
    # The deletion of a branch runs on the default branch, so the event names the deleted one.
    if: >-
      (github.event.action == 'closed' && github.event.pull_request.head.repo.full_name == github.repository
      || github.event_name == 'delete' && github.event.ref_type == 'branch')
      && (github.head_ref || github.event.ref) != github.event.repository.default_branch
    runs-on: ubuntu-latest
    steps:
      - uses: actions/setup-java@v4
        with: {distribution: temurin, java-version: "17"}
      - env:
          COMPOSE_SSH_KEY: ${{ secrets.COMPOSE_SSH_KEY }}
          COMPOSE_KNOWN_HOSTS: ${{ vars.COMPOSE_KNOWN_HOSTS }}
          # COMPOSE_GITHUB_TOKEN: ${{ secrets.GITHUB_TOKEN }}
          BRANCH: ${{ github.head_ref || github.event.ref }}
        run: |
          mvn -B -ntp "$COMPOSE_PLUGIN:down" -Dcompose.host="$REVIEW_HOST" \
            [#list ["-Dcompose.branch=\"$BRANCH\""] + connection as option][=option?no_esc][#sep] [/#list]

  # Persistent environments restart with the server, and are only removed with -Dcompose.force=true. If the key is behind
  # `compose:gate`, the gate needs -Dcompose.gate.allow=persistent, and the services limits of their own.
[#list environments as job]

[#if job.promotes]
  # Runs exactly the images that staging runs at that moment: with each tag, or by hand (Run workflow).
[/#if]
  [=job.name?no_esc]:
    if: >-
[#if job.promotes]
      github.event_name == 'push' && github.ref_type == 'tag'
      || github.event_name == 'workflow_dispatch' && github.event.inputs.environment == '[=job.name?no_esc]'
[#else]
      github.event_name == 'push' && github.ref_type == 'branch' && github.ref_name == github.event.repository.default_branch
[/#if]
    runs-on: ubuntu-latest
    environment:
      name: [=job.name?no_esc]
      url: ${{ steps.deploy.outputs.url }}
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-java@v4
        with: {distribution: temurin, java-version: "17"}
[#if builds?has_content && !job.promotes]
      - run: |
[#list builds as build]
[#list build as line]
          [=line?no_esc]
[/#list]
[/#list]
[/#if]
      - id: deploy
        env:
          COMPOSE_SSH_KEY: ${{ secrets.COMPOSE_SSH_KEY }}
          COMPOSE_KNOWN_HOSTS: ${{ vars.COMPOSE_KNOWN_HOSTS }}
[#list secrets as secret]
          [=secret?no_esc]: ${{ secrets.[=secret?no_esc] }}
[/#list]
        run: |
          mvn -B -ntp "$COMPOSE_PLUGIN:deploy" -Dcompose.host="$REVIEW_HOST" -Dcompose.environment=[=job.name?no_esc] \
            -Dcompose.url="[=scheme?no_esc]://[=job.name?no_esc].$REVIEW_DOMAIN" \
            [#list ["-Dcompose.lifetime=forever"] + connection + job.options as option][=option?no_esc][#sep] [/#list]
      - if: ${{ !cancelled() }}
        uses: actions/upload-artifact@v4
        with: {name: compose-[=job.name?no_esc], path: target/compose/, if-no-files-found: ignore}
[/#list]
