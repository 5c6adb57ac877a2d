#include <stdio.h>

#include "accounts.h"
#include "parse.h"

int main(int argc, char **argv) {
    char line[64];
    struct posting posting;
    FILE *file = fopen(argc > 1 ? argv[1] : "", "r");

    while (fgets(line, sizeof line, file)) {
        if (parse_line(line, &posting) == 1) {
            account_add(posting.account, posting.cents);
        }
    }
    accounts_print();
    return 0;
}
