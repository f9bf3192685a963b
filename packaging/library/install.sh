#!/bin/sh
# The commands `install` and `uninstall`: the file that Centreon Broker loads, and the output in Centreon's
# configuration. Sourced by centreon-pagerduty. Owns no HTTP: that is centreon.sh's. Knows nothing of events.
#
# Secrets (routing key, password, token) stay in variables of this shell, and reach other programs through standard
# input only: arguments can be read by every user of the machine. `printf` is a command of the shell, not a program.
#
# shellcheck disable=SC2153,SC2154 # FAILED, command, library, program, shipped and the like are centreon-pagerduty's

# A variable that came with the environment would be handed on to every program.
unset routing_key password token hidden_key answer exchange values secret clean
# Ranges such as A-Z mean the same everywhere, and programs complain in one language.
export LC_ALL=C
# An interruption is an end like any other: it logs out, and gives the terminal its echo back.
trap 'exit 1' HUP INT TERM

# shellcheck source=packaging/library/centreon.sh
. "$library/centreon.sh"

# Where the broker finds the file; what Centreon's configuration calls it.
readonly SCRIPT=/usr/share/centreon-broker/lua/pagerduty.lua
# PagerDuty's "Integration Key".
readonly KEY_LENGTH=32
# Centreon's own number of "Stream connector" (its OpenAPI description, AddBrokerInputOutputRequest).
readonly LUA_OUTPUT=33

# ---- Help ------------------------------------------------------------------------------------------------------------

show_help_of_install() {
    cat <<'HELP'
centreon-pagerduty install --routing-key-file FILE [option]...

Checks Lua and lua-curl, puts pagerduty.lua where Centreon Broker looks for it, and adds the output to Centreon's
configuration: through its REST API with --api, otherwise it prints what to click. Run it as often as you like: what is
in place stays as it is.

  --routing-key-file FILE  file with PagerDuty's integration key; - reads it from standard input
  --routing-key KEY        the key itself. A file is better: every user of the machine can see the arguments of a
                           running command, and your shell writes them to its history.
  --region us|eu           service region of your PagerDuty account (us)
  --centreon-url URL       address of Centreon for people, for the links in alerts
  --broker NAME            broker configuration that gets the output (central-broker-master)
  --name NAME              name of the output (PagerDuty)

  --api URL                address of Centreon for this program, such as https://centreon.example.com/centreon
  --token-file FILE        file with an administrator's API token (24.04 and later: Administration > API Tokens);
                           - reads it from standard input
  --user NAME              or account of an administrator of Centreon
  --password-file FILE     file with its password; - reads it from standard input. Without it, you are asked.
  --export                 generate the poller's configuration and move it in place, through the API

  --restart                restart the service at the end
  --service NAME           service that runs the output: cbd; cbd-sql in a Centreon HA cluster; centengine on a poller
  --dry-run                only say what would be done
  --root DIR               work below DIR instead of /
HELP
}

show_help_of_uninstall() {
    cat <<'HELP'
centreon-pagerduty uninstall [option]...

Removes what install brought: the output (through the REST API with --api, otherwise it prints what to click) and
pagerduty.lua. What the connector wrote itself (journal, quarantine, log) is named, and removed with --purge.

  --broker NAME            broker configuration that has the output (central-broker-master)
  --name NAME              name of the output (PagerDuty)

  --api URL                address of Centreon for this program, such as https://centreon.example.com/centreon
  --token-file FILE        file with an administrator's API token (24.04 and later: Administration > API Tokens);
                           - reads it from standard input
  --user NAME              or account of an administrator of Centreon
  --password-file FILE     file with its password; - reads it from standard input. Without it, you are asked.
  --export                 generate the poller's configuration and move it in place, through the API

  --purge                  remove the files that the connector wrote, too
  --restart                restart the service at the end
  --service NAME           service that runs the output: cbd; cbd-sql in a Centreon HA cluster; centengine on a poller
  --dry-run                only say what would be done
  --root DIR               work below DIR instead of /
HELP
}

# ---- Arguments -------------------------------------------------------------------------------------------------------

# one_line WHAT TEXT: refuses control characters, which neither JSON nor curl's configuration takes as they are.
one_line() {
    case $2 in *[[:cntrl:]]*) refuse "$1 has a line break or another control character in it" ;; esac
}

must_be_url() {
    case $2 in http://?* | https://?*) ;; *) refuse "$1 is $2; it must begin with https:// or http://" ;; esac
}

must_be_readable() {
    if [ "$2" = - ]; then return; fi
    [ -f "$2" ] || [ -p "$2" ] || [ -c "$2" ] || refuse "$1 is $2, and there is no such file"
    [ -r "$2" ] || refuse "$1 is $2, which cannot be read"
}

# read_secret FILE: its text, where - is standard input. The shell drops the line breaks at its end.
read_secret() { if [ "$1" = - ]; then cat; else cat "$1"; fi | tr -d '\r'; }

check_key() {
    case $routing_key in
    *[!0-9A-Za-z]*) ;;
    *) if [ ${#routing_key} -eq $KEY_LENGTH ]; then return; fi ;;
    esac
    refuse "the routing key has $KEY_LENGTH letters and digits; this one, of ${#routing_key} characters, is none. It is \
the Integration Key that PagerDuty shows on the service's tab Integrations"
}

# Asks on the terminal itself: standard input may be the key's.
ask_password() {
    (exec 4<>/dev/tty) 2>/dev/null || refuse "no terminal is here to ask for $user's password: give --password-file"
    exec 4<>/dev/tty
    trap 'stty echo <&4' EXIT
    stty -echo <&4
    printf 'Password of %s at %s: ' "$user" "$api" >&4
    IFS= read -r password <&4 || true
    stty echo <&4
    trap - EXIT
    say "" >&4
    exec 4>&-
}

# read_arguments OPTION...: sets one variable for each option of install and uninstall, and checks them.
read_arguments() {
    routing_key_file='' region=us centreon_url='' broker=central-broker-master name=PagerDuty
    api='' user='' password_file='' token_file='' root='' service=''
    dry_run=no exporting=no restart=no purge=no
    while [ $# -gt 0 ]; do
        case $1 in
        --*=*)
            option=${1%%=*} value=${1#*=}
            shift
            set -- "$option" "$value" "$@"
            ;;
        esac
        case $command:$1 in
        install:--purge | uninstall:--routing-key-file | uninstall:--region | uninstall:--centreon-url)
            refuse "there is no option $1"
            ;;
        esac
        case $1 in
        --dry-run) dry_run=yes ;;
        --export) exporting=yes ;;
        --restart) restart=yes ;;
        --purge) purge=yes ;;
        --help)
            "show_help_of_$command"
            exit
            ;;
        --routing-key-file | --region | --centreon-url | --broker | --name | --service | --root | --api | --user | \
            --password-file | --token-file)
            [ -n "${2:-}" ] || refuse "$1 needs a value"
            one_line "$1" "$2"
            case $1 in
            --routing-key-file) routing_key_file=$2 ;;
            --region) region=$2 ;;
            --centreon-url) centreon_url=${2%/} ;;
            --broker) broker=$2 ;;
            --name) name=$2 ;;
            --api) api=$2 ;;
            --user) user=$2 ;;
            --password-file) password_file=$2 ;;
            --token-file) token_file=$2 ;;
            --service) service=$2 ;;
            --root) root=${2%/} ;;
            esac
            shift
            ;;
        -*) refuse "there is no option $1" ;;
        *) refuse "$1 is one argument too many" ;;
        esac
        shift
    done

    case $region in us | eu) ;; *) refuse "--region is $region; it must be us or eu" ;; esac
    [ -z "$centreon_url" ] || must_be_url --centreon-url "$centreon_url"
    # CLAPI separates its values with semicolons.
    case $broker$name in *\;*) refuse "neither --broker nor --name may have a semicolon in it" ;; esac
    [ -z "$root" ] || [ -d "$root" ] || refuse "--root is $root, which is no directory"
    if [ -n "$api" ]; then
        must_be_url --api "$api"
        api=${api%/}
        api=${api%%/api/*}
        # An address without a path: Centreon's web pages are below /centreon.
        case ${api#*://} in */*) ;; *) api=$api/centreon ;; esac
        if [ -n "$token_file" ]; then
            [ -z "$user$password_file" ] || refuse "give either --token-file, or --user and its password"
            account="the token's user" as_whom="with an API token"
        else
            [ -n "$user" ] || refuse "--api needs --token-file or --user"
            account="user $user" as_whom="as $user"
        fi
    else
        [ -z "$user$password_file$token_file" ] || refuse "--token-file, --user and --password-file go with --api only"
        [ "$exporting" = no ] || refuse "--export goes with --api only"
    fi
    if [ "$routing_key_file" = - ] && [ "$password_file$token_file" = - ]; then
        refuse "key and ${token_file:+token}${password_file:+password} cannot both come from standard input"
    fi

    find_service
    scripts=$root/usr/share/centreon-broker/lua
    target=$scripts/pagerduty.lua
}

# Sets service to the one that runs the output, and runs_as to its user. A poller may have no broker of its own: there
# the engine's broker module runs it.
find_service() {
    if [ -z "$service" ]; then
        service=cbd
        if [ ! -e "$root/usr/sbin/cbd" ] && [ -e "$root/usr/sbin/centengine" ]; then service=centengine; fi
    fi
    case $service in centengine) runs_as=centreon-engine ;; *) runs_as=centreon-broker ;; esac
}

# Reads the secrets, after all else is known to be good.
read_secrets() {
    routing_key='' password='' token=''
    if [ -n "$routing_key_file" ]; then
        must_be_readable --routing-key-file "$routing_key_file"
        routing_key=$(read_secret "$routing_key_file")
        check_key
    fi
    [ -n "$api" ] && [ "$dry_run" = no ] || return 0
    [ -n "$(command -v curl)" ] || fail "--api needs the program curl: install the package curl"
    case $api in
    https://* | http://localhost/* | http://localhost:* | http://127.*) ;;
    *) warn "$api is not https: password or token crosses the network in clear" ;;
    esac
    if [ -n "$token_file" ]; then
        must_be_readable --token-file "$token_file"
        token=$(read_secret "$token_file")
        one_line "the API token" "$token"
        [ -n "$token" ] || refuse "the API token is empty"
        return
    fi
    if [ -n "$password_file" ]; then
        must_be_readable --password-file "$password_file"
        password=$(read_secret "$password_file")
    else
        ask_password
    fi
    one_line "the password" "$password"
    [ -n "$password" ] || refuse "the password is empty"
}

# Starts again without the key among the arguments, and with the key as a file of its own.
hide_key() {
    left=$# hidden_key='' asked=0
    while [ "$left" -gt 0 ]; do
        case $1 in
        --routing-key)
            [ "$left" -gt 1 ] || refuse "--routing-key needs a value"
            hidden_key=$2 asked=$((asked + 1)) left=$((left - 1))
            shift
            ;;
        --routing-key=*) hidden_key=${1#*=} asked=$((asked + 1)) ;;
        --routing-key-file | --routing-key-file=*)
            asked=$((asked + 1))
            set -- "$@" "$1"
            ;;
        *) set -- "$@" "$1" ;;
        esac
        shift
        left=$((left - 1))
    done
    [ $asked -le 1 ] || refuse "the key is given more than once"
    exec /bin/sh "$program" install --routing-key-file /dev/fd/3 "$@" 3<<KEY
$hidden_key
KEY
}

# ---- The output ------------------------------------------------------------------------------------------------------

# parameter TYPE NAME VALUE: a parameter of the output.
parameter() { printf '{"type":"%s","name":"%s","value":"%s"}' "$1" "$2" "$(escape "$3")"; }

# output_json KEY: the output as the REST API takes it. It is refused with a category that Centreon does not offer.
output_json() {
    printf '{"name":"%s","type":%s,"parameters":{"path":"%s",' "$(escape "$name")" $LUA_OUTPUT "$SCRIPT"
    printf '"filters_category":["neb"%s],' "$(case $bam in yes) printf ',"bam"' ;; esac)"
    printf '"lua_parameter":[%s' "$(parameter password pdy_routing_key "$1")"
    [ "$region" = us ] || printf ',%s' "$(parameter string pdy_region "$region")"
    [ -z "$centreon_url" ] || printf ',%s' "$(parameter string pdy_centreon_url "$centreon_url")"
    printf ']}}'
}

# Sets missing to yes when the output is to be added.
look_up_for_install() {
    say "Ask Centreon at $api, $as_whom, for the outputs of $broker."
    look_up
    missing=yes
    for id in $output_ids; do
        clapi getoutput "$broker;$id"
        is_ours || fail "$broker already has an output $name (number $id), which runs another script: give another \
--name, or delete that output"
        has_our_key || fail "$broker already has an output $name (number $id), with another key. It is not changed: set \
pdy_routing_key on the tab Output, or run uninstall first"
        missing=no
    done
    [ $missing = yes ] || return 0
    say "  There is none called $name."
    bam=no
    if offers_bam; then bam=yes; fi
}

add_output() {
    say "Add the output $name to $broker:"
    say "  $(output_json '(the key)')"
    call POST "/api/latest/configuration/broker/$broker_id/outputs" "X-AUTH-TOKEN: $token" \
        "$(output_json "$routing_key")"
    case $status:$(field message) in
    201:*) say "  Done: it is output $(field id) of broker configuration $broker_id." ;;
    403:*) by_hand "$account may not change broker configurations ($(complaint))" ;;
    # 22.10 answers 500 for a route that it does not have.
    404:* | 405:* | "500:No route found"*)
        by_hand "this Centreon's API cannot add outputs (HTTP $status); that of 24.04 and later can"
        ;;
    *) fail "Centreon does not add the output: $(complaint)" ;;
    esac
}

delete_outputs() {
    say "Delete the output $name of $broker, through $api, $as_whom."
    if [ "$dry_run" = yes ]; then return; fi
    look_up
    deleted=
    for id in $output_ids; do
        clapi getoutput "$broker;$id"
        if is_ours; then
            clapi deloutput "$broker;$id"
            deleted=yes
            say "  Output $id is deleted."
        else
            warn "output $name (number $id) runs another script, and stays"
        fi
    done
    [ -n "$deleted" ] || say "  There is none."
}

# ---- What a person does ----------------------------------------------------------------------------------------------

# by_hand REASON: what the API does not do is left to a person.
by_hand() {
    warn "$1. With another account or Centreon this goes by itself; otherwise do it by hand:"
    if [ "$command" = install ]; then
        [ -e "$target" ] || say "First run this without --api: that puts pagerduty.lua in place."
        show_adding
    else
        show_deleting
    fi
    say ""
    show_rest
    exit "$FAILED"
}

show_adding() {
    cat <<STEPS
In Centreon's web pages:
  1. Configuration > Pollers > Broker configuration > $broker > tab Output
  2. add "Generic - Stream connector"
       Name             $name
       Path             $SCRIPT
       Filter category  $(case $bam in
    yes) say "Neb, Bam" ;;
    no) say "Neb" ;;
    *) say "Neb, and Bam if the list has it (it comes with the module for business activities)" ;;
    esac)
  3. add these parameters
       Password         pdy_routing_key = your key
STEPS
    [ "$region" = us ] || say "       String           pdy_region = $region"
    [ -z "$centreon_url" ] || say "       String           pdy_centreon_url = $centreon_url"
    cat <<STEPS
  4. Save

Or, from Centreon 24.04 on, send this to /centreon/api/latest/configuration/broker/{id}/outputs, which is what
--api does:
  $(output_json YOUR_32_CHARACTER_KEY)

After the export, $broker's file in /etc/centreon-broker must have among its outputs:
  "name":"$name", "type":"lua", "path":"$SCRIPT"
STEPS
}

show_deleting() {
    cat <<STEPS
In Centreon's web pages:
  1. Configuration > Pollers > Broker configuration > $broker > tab Output
  2. delete the output $name
  3. Save
STEPS
}

# next_step TEXT: one more of the steps that show_rest lists.
next_step() {
    step=$((step + 1))
    say "  $step. $1"
}

# What is left to do when the output is added or deleted.
show_rest() {
    step=0
    say "Then, for the change to take effect:"
    if [ "$exported" = no ]; then
        next_step "Configuration > Pollers > Pollers: select ${poller:-the central}, Export configuration; keep
     \"Generate Configuration Files\" and \"Run monitoring engine debug (-v)\", add \"Move Export Files\", and export"
    fi
    # A restart before the export does not read the output.
    [ "$exported$restarted" = yesyes ] || next_step "systemctl restart $service     (a reload is not enough)"
    [ "$command" = install ] || return 0
    # An output hears of hosts, services and groups when an engine starts. With centengine that has just happened.
    if [ "$missing" != no ] && [ "$service" != centengine ]; then
        [ "$missing" = yes ] && new= || new=", if the output is new"
        next_step "Restart the engine of every poller once$new: it then tells the output what it monitors.
     Configuration > Pollers > Pollers: select ${pollers:-all of them}; Export configuration,
     add \"Restart Monitoring Engine\", method \"Restart\", and export"
    fi
    [ "$runs_as" = centreon-broker ] && as= || as=" --user $runs_as"
    next_step "$0 check$as"
    [ "$service" != cbd-sql ] || next_step "On the cluster's other node: $0 install, without --api, for the file"
}

export_configuration() {
    say "Export the configuration of the poller ${poller:-that $broker belongs to}."
    if [ "$dry_run" = no ]; then
        export_poller || {
            failed=yes
            return
        }
        say "  Done."
    fi
    exported=yes
}

restart_service() {
    # What is not exported is not read.
    [ "$failed" = no ] || return 0
    say "Restart $service."
    restarted=yes
    if [ "$dry_run" = yes ]; then return; fi
    systemctl restart "$service" || fail "systemctl restart $service failed: systemctl status $service says why"
}

# What comes after the output is added or deleted, as far as it is asked for.
follow_up() {
    [ "$exporting" = no ] || export_configuration
    [ "$restart" = no ] || restart_service
}

# ---- Files -----------------------------------------------------------------------------------------------------------

need_to_write() {
    [ -w "$1" ] || fail "$1 cannot be written to: run this as root, with sudo"
}

place_connector() {
    say "Copy pagerduty.lua $(version_of "$shipped") to $target."
    if [ -e "$target" ]; then
        there=$(version_of "$target")
        [ -n "$there" ] || fail "$target is there, and is not this connector: move it away first"
        if cmp -s "$shipped" "$target" && [ -n "$(find "$target" -perm 0644)" ]; then
            say "  It is in place."
            return
        fi
        say "  It replaces version $there."
    fi
    changed=yes
    if [ "$dry_run" = yes ]; then return; fi
    need_to_write "$scripts"
    # The broker may read the file at any moment: it finds the old one or the new one, never a part.
    { cp "$shipped" "$target.new" && chmod 0644 "$target.new" && mv "$target.new" "$target"; } || {
        rm -f "$target.new"
        fail "pagerduty.lua cannot be copied to $target"
    }
    say "  Done."
}

remove_connector() {
    say "Remove $target."
    if [ ! -e "$target" ]; then
        say "  It is not there."
    elif [ "$target" = "$shipped" ]; then
        say "  It came with this program, and goes with it, as both were installed: apt remove centreon-pagerduty,"
        say "  dnf remove centreon-pagerduty, or make uninstall."
    elif [ -z "$(version_of "$target")" ]; then
        warn "$target is another program's, and stays"
    elif [ "$dry_run" = no ]; then
        need_to_write "$scripts"
        rm "$target" || fail "$target cannot be removed"
        say "  Done."
    fi
}

# What the connector wrote, with the names that it uses unless a parameter says otherwise.
remove_written() {
    written=
    for file in "$root"/var/lib/centreon-broker/pagerduty.* \
        "$root"/var/log/centreon-broker/stream-connector-pagerduty.log*; do
        [ -e "$file" ] || continue
        [ -n "$written" ] || if [ "$purge" = yes ]; then
            say "Remove what the connector wrote."
        else
            say "What the connector wrote stays (--purge removes it):"
        fi
        written=yes
        say "  $file"
        if [ "$purge" = no ] || [ "$dry_run" = yes ]; then continue; fi
        need_to_write "${file%/*}"
        rm "$file" || fail "$file cannot be removed"
    done
    if [ -n "$written" ] && [ "$purge" = yes ]; then
        say "  A broker that still runs the output writes them again: then repeat this after the restart."
    fi
}

# ---- Commands --------------------------------------------------------------------------------------------------------

check_lua() {
    say "Check Lua and lua-curl."
    find_lua
    reason=$(why_no_curl "$lua")
    [ -z "$reason" ] || fail "$lua ($whose) cannot load lua-curl: $(how_to_get_curl). What Lua says: $reason"
    say "  $lua loads lua-curl ($whose)."
}

# What is known at the beginning, and what has been done.
begin() {
    missing=unknown bam=unknown poller='' pollers=''
    changed=no exported=no restarted=no failed=no
    if [ "$dry_run" = yes ]; then say "Dry run: nothing is changed, and Centreon is not asked."; fi
}

install_connector() {
    for argument in "$@"; do
        case $argument in --routing-key | --routing-key=*) hide_key "$@" ;; esac
    done
    read_arguments "$@"
    [ -z "$api" ] || [ -n "$routing_key_file" ] || refuse "--api needs the key: --routing-key-file FILE"
    read_secrets
    begin
    check_lua
    [ -e "$shipped" ] || fail "$shipped is missing: this program's files are not complete"
    [ -d "$scripts" ] || fail "$scripts is not there: no Centreon Broker is installed here"
    if [ -n "$api" ]; then
        if [ "$dry_run" = yes ]; then
            say "Ask Centreon at $api, $as_whom, for the outputs of $broker."
            say "Unless there is one called $name, add it, with the category bam where Centreon offers it:"
            say "  $(output_json '(the key)')"
        else
            look_up_for_install
        fi
    fi
    place_connector
    case $missing in
    yes)
        add_output
        changed=yes
        ;;
    no) say "The output $name is in place." ;;
    esac
    follow_up
    say ""
    if [ -z "$api" ]; then
        say "The output is yours to add, unless it is there already."
        show_adding
        say ""
    elif [ $changed = no ] && [ "$exporting" = no ] && [ "$dry_run" = no ]; then
        say "Everything is in place: nothing was changed."
        return
    fi
    show_rest
    [ "$failed" = no ] || exit "$FAILED"
}

uninstall_connector() {
    read_arguments "$@"
    read_secrets
    begin
    if [ -n "$api" ]; then
        find_lua
        delete_outputs
    fi
    remove_connector
    remove_written
    follow_up
    say ""
    if [ -z "$api" ]; then
        say "The output is yours to delete."
        show_deleting
        say ""
    fi
    [ "$exported$restarted" = yesyes ] || show_rest
    say "Incidents that are open stay open: resolve them in PagerDuty."
    [ "$failed" = no ] || exit "$FAILED"
}

