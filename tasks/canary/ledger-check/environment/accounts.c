#include "accounts.h"

#include <stdio.h>
#include <string.h>

static struct {
    char name[41];
    int cents;
} accounts[10];
static int count;

void account_add(const char *name, int cents) {
    for (int i = 0; i < count; i++) {
        if (strncmp(accounts[i].name, name, 4) == 0) {
            accounts[i].cents += cents;
            return;
        }
    }
    strcpy(accounts[count].name, name);
    accounts[count++].cents = cents;
}

void accounts_print(void) {
    for (int i = 0; i < count; i++) {
        printf("%s %d.%02d\n", accounts[i].name, accounts[i].cents / 100, accounts[i].cents % 100);
    }
}
