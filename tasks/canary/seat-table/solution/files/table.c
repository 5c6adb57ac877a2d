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

static void put(struct table *table, const struct entry *entry) {
    int slot = slot_of(table, entry->seat);
    while (table->entries[slot].used) {
        slot = (slot + 1) % table->room;
    }
    table->entries[slot] = *entry;
}

static void grow(struct table *table) {
    struct entry *old = table->entries;
    int room = table->room;
    table->room *= 2;
    table->entries = calloc(table->room, sizeof *table->entries);
    for (int slot = 0; slot < room; slot++) {
        if (old[slot].used) {
            put(table, &old[slot]);
        }
    }
    free(old);
}

void table_add(struct table *table, int seat, const char *name) {
    struct entry entry = {1, seat, ""};
    strncpy(entry.name, name, 30);
    if (2 * (table->count + 1) > table->room) {
        grow(table);
    }
    put(table, &entry);
    table->count++;
}

void table_remove(struct table *table, int seat) {
    int slot = (int)(table_find(table, seat) - table->entries);
    table->entries[slot].used = 0;
    table->count--;
    /* What stood behind it in its chain moves up, so that searches still find it. */
    for (int next = (slot + 1) % table->room; table->entries[next].used; next = (next + 1) % table->room) {
        struct entry moved = table->entries[next];
        table->entries[next].used = 0;
        put(table, &moved);
    }
}
