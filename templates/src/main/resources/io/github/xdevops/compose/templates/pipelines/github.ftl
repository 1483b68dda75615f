# Written by `mvn compose:ci`; change it as you like. Each pull request is deployed to its own URL, and removed when it is
# closed, when its branch is deleted, or when its lifetime expires.
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

permissions:
  contents: read
  # For a comment with the URL on the pull request, uncomment this line and those in both jobs below.
  # pull-requests: write

# One run at a time for each branch of each fork; a newer run replaces a waiting one.
concurrency:
  group: review-${{ github.event.pull_request.head.repo.full_name || github.repository }}-${{ github.head_ref || github.event.ref }}

env:
  COMPOSE_PLUGIN: [=plugin]
  REVIEW_HOST: [=host]
  REVIEW_DOMAIN: [=domainUrl]

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
          mvn -B -ntp "$COMPOSE_PLUGIN:deploy" -Dcompose.host="$REVIEW_HOST" -Dcompose.domain="$REVIEW_DOMAIN" \
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
