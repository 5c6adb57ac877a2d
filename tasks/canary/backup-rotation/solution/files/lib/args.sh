# Checks of the arguments.
check_args() {
    if [ $# -ne 2 ] || [ ! -d "$1" ] || ! [[ $2 =~ ^[0-9]+$ ]] || [ "$((10#$2))" -lt 1 ]; then
        echo "usage: rotate.sh DIR KEEP" >&2
        exit 2
    fi
}
