#include "table.h"

#include <stdlib.h>
#include <string.h>

void table_init(struct table *table) {
    table->room = 16;
    table->count = 0;
    table->entries = calloc(table->room, sizeof *table->entries);
}

static int slot_of(const struct table *table, int seat) {
    return seat % table->room;
}

struct entry *table_find(struct table *table, int seat) {
    int slot = slot_of(table, seat);
    while (table->entries[slot].used) {
        if (table->entries[slot].seat == seat) {
            return &table->entries[slot];
        }
        slot = (slot + 1) % table->room;
    }
    return NULL;
}

void table_add(struct table *table, int seat, const char *name) {
    int slot = slot_of(table, seat);
    while (table->entries[slot].used) {
        slot = (slot + 1) % table->room;
    }
    table->entries[slot].used = 1;
    table->entries[slot].seat = seat;
    strncpy(table->entries[slot].name, name, 30);
    table->count++;
}

void table_remove(struct table *table, int seat) {
    struct entry *entry = table_find(table, seat);
    entry->used = 0;
}
