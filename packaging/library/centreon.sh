#!/bin/sh
# Centreon's REST API, for install.sh, which sources this: one request, the login, the outputs there are, the export.
# Reads the variables api, account, user, password, token_file, token, routing_key, broker, name and SCRIPT. What the API does
# not do it leaves to by_hand.
#
# Version 2 of the API logs in, and adds an output with its parameters. It can neither list outputs nor delete one (its
# OpenAPI description has no such path). CLAPI, which version 1 offers to administrators, can, but sets no parameters.
# The token of version 2, and an API token (24.04 and later), is good for both (centreon/www/api/index.php looks it up
# where version 2 keeps it).
#
# shellcheck disable=SC2154 # the variables named above, by_hand, `lua` and `library` come from those who source this

# Seconds. An export tests the whole configuration.
readonly LONGEST_REQUEST=30 LONGEST_EXPORT=300
# Pollers in one list: Centreon tells ten unless asked for more.
readonly MOST_POLLERS=10000

readonly NEWLINE='
'

# field KEYS: a value of the answer, such as security.token; nothing when it is not there.
field() { printf '%s' "$answer" | "$lua" "$library/read_json.lua" at "$1" || true; }

# cells WANTED KEY VALUE: of the rows of the answer whose KEY is VALUE, what they have as WANTED, one a line.
cells() { printf '%s' "$answer" | "$lua" "$library/read_json.lua" rows "$2" "$3" "$1" || true; }

# texts: the texts of which the answer is a list, one a line.
texts() { printf '%s' "$answer" | "$lua" "$library/read_json.lua" list || true; }

# escape TEXT: for use between quotation marks, in JSON and in curl's configuration alike.
escape() { printf '%s' "$1" | sed 's/[\\"]/\\&/g'; }

# without_secrets TEXT: Centreon repeats in its complaints what it was sent.
without_secrets() {
    clean=$1
    for secret in "${routing_key:-}" "${password:-}" "${token:-}"; do
        [ -n "$secret" ] || continue
        while [ "${clean#*"$secret"}" != "$clean" ]; do
            clean="${clean%%"$secret"*}(hidden)${clean#*"$secret"}"
        done
    done
    say "$clean"
}

# call METHOD PATH HEADER [BODY]: one request. Sets status and answer; fails when there is none.
call() {
    longest=$LONGEST_REQUEST
    case $2 in */generate) longest=$LONGEST_EXPORT ;; esac
    if ! exchange=$(
        {
            printf 'silent\nshow-error\ngloboff\nmax-time = %s\n' "$longest"
            printf 'request = "%s"\nurl = "%s"\n' "$1" "$(escape "$api$2")"
            printf 'header = "Content-Type: application/json"\n'
            [ -z "$3" ] || printf 'header = "%s"\n' "$(escape "$3")"
            [ $# -lt 4 ] || printf 'data = "%s"\n' "$(escape "$4")"
            printf 'write-out = "\\n%%{http_code}"\n'
        } | curl --config - 2>&1
    ); then
        reason=$(printf '%s' "$exchange" | sed -n '/^curl: /{p;q;}')
        case $reason in
        "curl: (60)"*) reason="$reason. Set CURL_CA_BUNDLE to a file with the certificate of its authority" ;;
        esac
        fail "Centreon cannot be reached at $api: $reason"
    fi
    status=${exchange##*"$NEWLINE"}
    answer=${exchange%"$NEWLINE"*}
}

# complaint: what Centreon said in its last answer, for a person.
complaint() {
    message=$(field message)
    without_secrets "HTTP $status${message:+, $message}"
}

# expect_centreon PATH: fails when the last answer, to a request of PATH, is not that of a Centreon.
expect_centreon() {
    case $status in
    3??) fail "$api redirects (HTTP $status): give --api the address that it leads to, such as one with https" ;;
    404)
        fail "there is no Centreon at $api (HTTP 404 for $1): --api takes the address of its web pages, such as \
https://centreon.example.com/centreon"
        ;;
    esac
}

log_in() {
    call POST /api/latest/login "" \
        "{\"security\":{\"credentials\":{\"login\":\"$(escape "$user")\",\"password\":\"$(escape "$password")\"}}}"
    expect_centreon /api/latest/login
    case $status in
    200) ;;
    401) fail "Centreon refuses user $user with this password ($(complaint))" ;;
    *) fail "Centreon does not let user $user in: $(complaint)" ;;
    esac
    token=$(field security.token)
    [ -n "$token" ] || fail "$api does not answer as Centreon does: its answer to the login has no token"
    trap log_out EXIT
}

# Runs at the end, whatever the end: a token that stays would be good for two hours. An API token is not logged out.
log_out() { (call GET /api/latest/logout "X-AUTH-TOKEN: $token") >/dev/null 2>&1 || true; }

# Sets poller_rows to what Centreon tells of its pollers, and pollers to the names of those in use, for a person.
list_pollers() {
    path=/api/latest/configuration/monitoring-servers
    call GET "$path?limit=$MOST_POLLERS" "X-AUTH-TOKEN: $token"
    if [ -n "$token_file" ]; then
        expect_centreon $path
        [ "$status" != 401 ] || fail "Centreon refuses this API token ($(complaint)): is it complete, and does \
Administration > API Tokens still have it, with an end to come?"
    fi
    # An account that may not see them cannot add an output either; that is told later.
    [ "$status" = 200 ] || answer='{}'
    poller_rows=$answer
    pollers=
    names=$(cells name is_activate true)
    while IFS= read -r one; do pollers=${pollers:+$pollers, }$one; done <<NAMES
$names
NAMES
}

# clapi ACTION VALUES: one command of CLAPI on broker configurations.
clapi() {
    call POST '/api/index.php?action=action&object=centreon_clapi' "centreon-auth-token: $token" \
        "{\"action\":\"$1\",\"object\":\"CENTBROKERCFG\",\"values\":\"$(escape "$2")\"}"
    case $status in
    200) ;;
    401 | 403)
        by_hand "$account may not use CLAPI over REST, which tells what outputs there are: only administrators may \
($(complaint))"
        ;;
    *) fail "Centreon does not run CLAPI's $1 $2: $(complaint)" ;;
    esac
}

# Sets broker_id, the name of its poller, and output_ids of the outputs with this name, one a line.
look_up() {
    [ -n "$token" ] || log_in
    list_pollers
    clapi show "$broker"
    broker_id=$(cells "config id" "config name" "$broker")
    poller=$(cells instance "config name" "$broker")
    [ -n "$broker_id" ] || fail "Centreon has no broker configuration $broker: Configuration > Pollers > Broker \
configuration lists them; give the name with --broker"
    clapi listoutput "$broker"
    # shellcheck disable=SC2034 # for install.sh
    output_ids=$(cells id name "$name")
}

# details KEY: values of the output that CLAPI's getoutput answered with, one a line.
details() { cells "parameter value" "parameter key" "$1"; }

# is_ours: the output that getoutput answered with runs this connector's file.
is_ours() { [ "$(details path)" = "$SCRIPT" ]; }

# has_our_key: so does the key. One that Centreon keeps apart, encrypts, or does not tell cannot be compared, and passes.
has_our_key() {
    values=$(details lua_parameter__value)
    case $NEWLINE$values$NEWLINE in
    "$NEWLINE$NEWLINE") ;;
    *"$NEWLINE$routing_key$NEWLINE"* | *"${NEWLINE}raw::$routing_key$NEWLINE"*) ;;
    *"${NEWLINE}secret::"* | *"${NEWLINE}encrypt::"*) ;;
    *) return 1 ;;
    esac
}

# offers_bam: Centreon's list of categories has the one that its module for business activities brings.
offers_bam() {
    clapi getvaluelist category
    case $NEWLINE$(texts)$NEWLINE in *"${NEWLINE}bam$NEWLINE"*) ;; *) return 1 ;; esac
}

# export_poller: generates, tests and moves the files of the poller; restarts nothing. Fails with Centreon's reason.
export_poller() {
    answer=$poller_rows
    poller_id=$(cells id name "$poller")
    if [ -z "$poller_id" ]; then
        warn "Centreon does not tell $account of the poller $poller: it is not exported"
        return 1
    fi
    call GET "/api/latest/configuration/monitoring-servers/$poller_id/generate" "X-AUTH-TOKEN: $token"
    case $status in
    2??) ;;
    *)
        warn "Centreon does not export $poller: $(complaint)"
        return 1
        ;;
    esac
}
