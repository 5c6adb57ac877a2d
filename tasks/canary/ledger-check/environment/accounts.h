#ifndef ACCOUNTS_H
#define ACCOUNTS_H

void account_add(const char *name, int cents);
void accounts_print(void);

#endif
