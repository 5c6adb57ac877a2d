#ifndef TABLE_H
#define TABLE_H

struct entry {
    int used;
    int seat;
    char name[31];
};

struct table {
    struct entry *entries;
    int room;
    int count;
};

void table_init(struct table *table);
/* The entry of a seat, or NULL. */
struct entry *table_find(struct table *table, int seat);
/* Adds a seat that is not in the table. */
void table_add(struct table *table, int seat, const char *name);
/* Removes a seat that is in the table. */
void table_remove(struct table *table, int seat);

#endif
