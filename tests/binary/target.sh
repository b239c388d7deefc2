#!/bin/sh
# A target system for the `command` connector: who has what is a file each in DIR/access, so a grant
# and a revocation are one step each. Every call is written down in DIR/calls; a call waits at a point
# (before-grant, after-grant, before-revoke, after-revoke) while DIR/hold/POINT exists.
dir=$1
call=$(cat)

# The text of a key, without starting another program.
word() {
    rest=${call#*"\"$1\":\""}
    said=${rest%%\"*}
}

wait_at() {
    [ -e "$dir/hold/$1" ] || return 0
    : > "$dir/held/$1.$$"
    while [ -e "$dir/hold/$1" ]; do sleep 0.05; done
    rm -f "$dir/held/$1.$$"
}

word op; op=$said
if [ "$op" = list ]; then
    echo '{"ok":true,"resources":[]}'
    exit 0
fi
word resource; key=$said
echo "$op $key" >> "$dir/calls"
wait_at "before-$op"
case $op in
    grant) : > "$dir/access/$key" ;;
    revoke) rm -f "$dir/access/$key" ;;
    read_back)
        if [ -e "$dir/access/$key" ]; then present=true; else present=false; fi
        echo "{\"ok\":true,\"present\":$present}"
        exit 0
        ;;
    *) exit 1 ;;
esac
wait_at "after-$op"
echo '{"ok":true}'
