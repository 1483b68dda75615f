# Written by `mvn compose:ci`; yours from here on. Each pull request is deployed to a URL of its own and goes when it is
# closed, when its branch is deleted, or when its time is over.
#
# To set up once, in Settings > Secrets and variables > Actions:
#   COMPOSE_SSH_KEY      a secret: the private key that may log in to the server
#   COMPOSE_KNOWN_HOSTS  a variable: the server's host keys, as `ssh-keyscan -p PORT HOST` shows them; compare them first
[#list secrets as secret]
#   [=secret?no_esc]  a secret
[/#list]
# DNS has to lead every name below REVIEW_DOMAIN to the server. [#if builds?has_content]Images are built here and sent to the server; those that
# are not, the server pulls.[#else]Images that the compose file names have to be where the
# server can pull them from: put the steps that build and push them before `deploy`.[/#if]
# GitHub tells of deleted branches only once this file is on the default branch.
name: review

on:
  # Not pull_request_target: that would run what strangers wrote with your key.
  pull_request:
    types: [opened, synchronize, reopened, closed]
  delete:

permissions:
  contents: read
  # For a comment on the pull request that says where the environment is, and when it is gone, take the # away here and
  # in both jobs below.
  # pull-requests: write

# One at a time for each branch of each fork; a newer one waits and replaces what waited before it.
concurrency:
  group: review-${{ github.event.pull_request.head.repo.full_name || github.repository }}-${{ github.head_ref || github.event.ref }}

env:
  COMPOSE_PLUGIN: [=plugin]
  REVIEW_HOST: [=host]
  REVIEW_DOMAIN: [=domainUrl]

jobs:
  deploy:
    # Forks have no secrets, and whoever sent them was not let in.
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
      # What the services said, also those that did not get ready.
      - if: ${{ !cancelled() }}
        uses: actions/upload-artifact@v4
        with: {name: compose, path: target/compose/, if-no-files-found: ignore}

  down:
    # The deletion of a branch runs on the default branch, so the event says which one went; the default branch never does.
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
