#include "process.h"
#include "docksill/record/exposition.h"
#include <dirent.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

DEFINE_CLEANUP(DIR *, closedir);
DEFINE_CLEANUP(FILE *, fclose);

/* Pages: all that is mapped, and what of it is in memory. */
static bool read_memory(unsigned long long *mapped, unsigned long long *resident) {
        cleanup_(fclosep) FILE *f = fopen("/proc/self/statm", "re");

        return f && fscanf(f, "%llu %llu", mapped, resident) == 2;
}

static void add_memory(struct text *out) {
        unsigned long long mapped, resident, page = (unsigned long long)sysconf(_SC_PAGESIZE);

        if (!read_memory(&mapped, &resident))
                return;
        exposition_gauge(out, "process_virtual_memory_bytes", "Virtual memory size in bytes.", mapped * page);
        exposition_gauge(out, "process_resident_memory_bytes", "Resident memory size in bytes.", resident * page);
}

static void add_descriptors(struct text *out) {
        cleanup_(closedirp) DIR *fds = opendir("/proc/self/fd");
        struct rlimit limit;
        struct dirent *entry;
        unsigned n = 0;

        while (fds && (entry = readdir(fds)))
                n += entry->d_name[0] != '.';
        if (n > 1)
                exposition_gauge(out, "process_open_fds", "Number of open file descriptors.", n - 1); /* without ours */
        if (getrlimit(RLIMIT_NOFILE, &limit) == 0)
                exposition_gauge(out, "process_max_fds", "Maximum number of open file descriptors.", limit.rlim_cur);
}

static void add_seconds(struct text *out, const char *name, const char *type, const char *help, int64_t microseconds) {
        exposition_family(out, name, type, help);
        exposition_seconds(out, name, NULL, microseconds);
}

void process_add(struct text *out, int64_t started) {
        struct timespec used;

        if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) == 0)
                add_seconds(out, "process_cpu_seconds_total", "counter",
                            "Total user and system CPU time spent in seconds.",
                            (int64_t)used.tv_sec * 1000000 + used.tv_nsec / 1000);
        add_seconds(out, "process_start_time_seconds", "gauge",
                    "Start time of the process since unix epoch in seconds.", started);
        add_memory(out);
        add_descriptors(out);
}
