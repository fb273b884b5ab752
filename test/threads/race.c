/* Two threads write to one place without a lock: what test/threads/run.sh must be told of, or it would find nothing. */
#include "docksill/base/thread.h"

static void *count(void *context) {
        int *n = context;

        for (int i = 0; i < 1000; ++i)
                ++*n;
        return NULL;
}

int main(void) {
        pthread_t a, b;
        int n = 0;

        if (thread_start(&a, 128 * 1024, count, &n) < 0 || thread_start(&b, 128 * 1024, count, &n) < 0)
                return 2;
        pthread_join(a, NULL);
        pthread_join(b, NULL);
        return n < 1;
}
