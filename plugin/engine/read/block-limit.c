#include "block-limit.h"
#include "facts/cell.h"
#include "host-path.h"

/* A field of HostConfig, and where its elements have their path. */
struct limits {
        const char *field;
        const struct go_list *list;
        size_t size, path;
};

static void read_list(struct reading *in, const struct limits *limits) {
        struct facts *f = in->facts;

        for (size_t i = 0; i < limits->list->n && !arena_full(in->arena); ++i) {
                const char *item = gojson_item(limits->list, i, limits->size);
                const struct go_string *path = (const void *)(item + limits->path);
                struct block_limit_fact b = {
                        .origin = { .field = limits->field, .index = (uint32_t)i, .indexed = true },
                        .requested = cell_string(*path),
                };

                if (f->block_limits.n >= FACT_HEAVY_MOST)
                        arena_refuse(in->arena);
                host_path(in->arena, path->value, &b.path);
                FACT_ADD(in->arena, &f->block_limits, b);
        }
}

#define THROTTLES sizeof(struct throttle_device), offsetof(struct throttle_device, path)

void block_limits_read(struct reading *in, const struct host_config *h) {
        const struct limits lists[] = {
                { "BlkioWeightDevice", &h->blkio_weight_device, sizeof(struct weight_device),
                  offsetof(struct weight_device, path) },
                { "BlkioDeviceReadBps", &h->blkio_device_read_bps, THROTTLES },
                { "BlkioDeviceWriteBps", &h->blkio_device_write_bps, THROTTLES },
                { "BlkioDeviceReadIOps", &h->blkio_device_read_iops, THROTTLES },
                { "BlkioDeviceWriteIOps", &h->blkio_device_write_iops, THROTTLES },
        };

        for (size_t i = 0; i < ARRAY_SIZE(lists); ++i)
                read_list(in, &lists[i]);
}
