#ifndef ACCOUNTS_H
#define ACCOUNTS_H

void account_add(const char *name, long long cents);
void accounts_print(void);

#endif
