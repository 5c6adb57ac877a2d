# Checks of the arguments.
check_args() {
    if [ $# -lt 2 ]; then
        echo "usage: rotate.sh DIR KEEP"
        exit 1
    fi
}
