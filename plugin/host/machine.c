#include "docksill/host/machine.h"
#include <stdio.h>
#include <unistd.h>

static int64_t pid_max(void) {
        FILE *file = fopen("/proc/sys/kernel/pid_max", "re");
        long long n = 0;

        if (!file)
                return 0;
        if (fscanf(file, "%lld", &n) != 1)
                n = 0;
        fclose(file);
        return n;
}

void machine_size(struct host_size *out) {
        long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE), processors = sysconf(_SC_NPROCESSORS_ONLN);

        *out = (struct host_size){
                .memory = pages > 0 && page > 0 ? (int64_t)pages * page : 0,
                .processors = processors > 0 ? processors : 0,
                .processes = pid_max(),
        };
}
