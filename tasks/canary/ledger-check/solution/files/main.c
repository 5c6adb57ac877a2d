#include <stdio.h>

#include "accounts.h"
#include "parse.h"

int main(int argc, char **argv) {
    char line[1100];
    struct posting posting;
    const char *name = argc > 1 ? argv[1] : "";
    FILE *file = fopen(name, "r");

    if (!file) {
        fprintf(stderr, "cannot open %s\n", name);
        return 2;
    }
    for (int number = 1; fgets(line, sizeof line, file); number++) {
        int kind = parse_line(line, &posting);
        if (kind < 0) {
            fprintf(stderr, "line %d: cannot read\n", number);
            return 1;
        }
        if (kind > 0) {
            account_add(posting.account, posting.cents);
        }
    }
    accounts_print();
    return 0;
}
