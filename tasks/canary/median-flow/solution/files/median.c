#include <stdio.h>
#include <stdlib.h>

static int by_size(const void *a, const void *b) {
    int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

int main(void) {
    size_t count = 0, room = 64;
    int *levels = malloc(room * sizeof *levels), level;
    while (scanf("%d", &level) == 1) {
        if (count == room) {
            room *= 2;
            levels = realloc(levels, room * sizeof *levels);
        }
        levels[count++] = level;
    }
    if (count == 0) {
        printf("no data\n");
        return 1;
    }
    qsort(levels, count, sizeof *levels, by_size);
    long long sum = (long long)levels[count / 2] + levels[(count - 1) / 2];
    if (sum % 2 == 0) {
        printf("%lld\n", sum / 2);
    } else {
        printf("%s%lld.5\n", sum < 0 ? "-" : "", llabs(sum) / 2);
    }
    return 0;
}
