#include "accounts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct account {
    char name[41];
    long long cents;
};

static struct account *accounts;
static int count, room;

void account_add(const char *name, long long cents) {
    for (int i = 0; i < count; i++) {
        if (strcmp(accounts[i].name, name) == 0) {
            accounts[i].cents += cents;
            return;
        }
    }
    if (count == room) {
        room = room ? 2 * room : 16;
        accounts = realloc(accounts, room * sizeof *accounts);
    }
    strcpy(accounts[count].name, name);
    accounts[count++].cents = cents;
}

void accounts_print(void) {
    for (int i = 0; i < count; i++) {
        long long cents = accounts[i].cents, size = cents < 0 ? -cents : cents;
        printf("%s %s%lld.%02lld\n", accounts[i].name, cents < 0 ? "-" : "", size / 100, size % 100);
    }
}
