#include <stdio.h>
#include <string.h>

#include "table.h"

int main(void) {
    struct table table;
    char line[128], command[16], name[31];
    int seat;

    table_init(&table);
    while (fgets(line, sizeof line, stdin)) {
        command[0] = name[0] = '\0';
        int words = sscanf(line, "%15s %d %30s", command, &seat, name);
        if (strcmp(command, "reserve") == 0 && words == 3) {
            table_add(&table, seat, name);
            printf("ok\n");
        } else if (strcmp(command, "cancel") == 0 && words == 2) {
            if (table_find(&table, seat)) {
                table_remove(&table, seat);
                printf("ok\n");
            } else {
                printf("free\n");
            }
        } else if (strcmp(command, "who") == 0 && words == 2) {
            struct entry *entry = table_find(&table, seat);
            printf("%d %s\n", seat, entry ? entry->name : "free");
        } else if (strcmp(command, "count") == 0) {
            printf("%d\n", table.count);
        } else {
            printf("what?\n");
        }
    }
    return 0;
}
