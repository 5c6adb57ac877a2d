#include <stdio.h>
#include <stdlib.h>

static int by_size(const void *a, const void *b) {
    return *(const int *)a - *(const int *)b;
}

int main(void) {
    int levels[100];
    int count = 0;
    while (scanf("%d", &levels[count]) == 1) {
        count++;
    }
    qsort(levels, count, sizeof levels[0], by_size);
    if (count % 2 == 1) {
        printf("%d\n", levels[count / 2]);
    } else {
        printf("%d\n", (levels[count / 2] + levels[count / 2 - 1]) / 2);
    }
    return 0;
}
