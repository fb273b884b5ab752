#include "docksill/engine/host-size.h"

#define NANO            INT64_C(1000000000)
#define PERIOD          INT64_C(100000) /* microseconds: the kernel's, where none is given */
#define PROCESSORS_MOST 1048576
#define PROCESSES_PART  4 /* one that may have a quarter of all leaves no bound worth the name */

static struct fact_bool idle(bool yes) {
        return (struct fact_bool){ .head.given = yes, .value = yes };
}

static struct fact_int known(int64_t value) {
        return (struct fact_int){ .head.given = value > 0, .value = value };
}

static bool is_memory_idle(const struct host_size *size, int64_t memory) {
        return size->memory > 0 && memory >= size->memory;
}

static bool is_processes_idle(const struct host_size *size, int64_t processes) {
        return size->processes > 0 && processes >= size->processes / PROCESSES_PART;
}

/* "0-3,5": how many there are in it; 0: it is no such list. */
static int64_t cpuset_count(struct str rest) {
        int64_t n = 0, from, to;

        while (rest.n) {
                struct str last = str_cut(&rest, ','), first = str_cut(&last, '-');

                if (str_int(first, &from) < 0 || (last.p && str_int(last, &to) < 0))
                        return 0;
                if (!last.p)
                        to = from;
                /* No host has so many, whatever more there is. */
                if (from < 0 || to < from || to > PROCESSORS_MOST)
                        return to > from ? PROCESSORS_MOST : 0;
                n += to - from + 1;
        }
        return n;
}

/* Of the three ways to say it the tightest counts; shares are no bound, and judged as they are. */
static bool is_processor_idle(const struct host_size *size, int64_t nano, int64_t quota, int64_t period,
                              struct str cpuset) {
        int64_t set = cpuset_count(cpuset);

        if (size->processors <= 0 || (nano <= 0 && quota <= 0 && str_empty(cpuset)))
                return false;
        if (nano > 0 && nano / NANO < size->processors)
                return false;
        if (quota > 0 && quota / (period > 0 ? period : PERIOD) < size->processors)
                return false;
        return str_empty(cpuset) || set >= size->processors;
}

void host_size_tell(const struct host_size *size, struct request *request) {
        struct facts *f = &request->facts;

        f->host.memory = known(size->memory);
        f->host.processors = known(size->processors);
        f->host.processes = known(size->processes);

        f->container.memory_idle = idle(is_memory_idle(size, f->container.memory.value));
        f->container.pids_idle = idle(is_processes_idle(size, f->container.pids_limit.value));
        f->container.cpu_idle = idle(f->container.cpu_shares.value <= 0 &&
                                     is_processor_idle(size, f->container.nano_cpus.value, f->container.cpu_quota.value,
                                                       f->container.cpu_period.value, f->container.cpuset.value));
        f->update.memory_idle = idle(is_memory_idle(size, f->update.memory.value));
        f->update.pids_idle = idle(is_processes_idle(size, f->update.pids_limit.value));
        f->update.cpu_idle = idle(is_processor_idle(size, f->update.nano_cpus.value, f->update.cpu_quota.value,
                                                    f->update.cpu_period.value, (struct str){ 0 }));
}

void host_size_join(struct host_size *size, const struct host_size *other) {
        if (size->memory == 0)
                size->memory = other->memory;
        if (size->processors == 0)
                size->processors = other->processors;
        if (size->processes == 0)
                size->processes = other->processes;
}
