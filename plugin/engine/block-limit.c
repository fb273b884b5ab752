#include "block-limit.h"
#include "cell.h"
#include "host-path.h"
#include <errno.h>

/* Elements of both kinds begin with the path. */
_Static_assert(offsetof(struct weight_device, path) == offsetof(struct throttle_device, path), "one way to the path");

static int read_list(struct facts *f, struct arena *arena, const char *field, const struct go_list *list, size_t size) {
        for (size_t i = 0; i < list->n; ++i) {
                const struct throttle_device *device = gojson_item(list, i, size);
                struct block_limit_fact *b =
                        f->block_limits.n < FACT_HEAVY_MOST ? fact_list_push(arena, &f->block_limits, sizeof(*b)) : NULL;

                if (!b)
                        return -ENOMEM;
                b->origin = (struct origin){ .field = field, .index = (uint32_t)i, .indexed = true };
                b->requested = cell_string(device->path);
                if (host_path(arena, device->path.value, &b->path) < 0)
                        return -ENOMEM;
        }
        return 0;
}

int block_limits_read(struct facts *f, struct arena *arena, const struct host_config *h) {
        const struct {
                const char *field;
                const struct go_list *list;
                size_t size;
        } lists[] = {
                { "BlkioWeightDevice", &h->blkio_weight_device, sizeof(struct weight_device) },
                { "BlkioDeviceReadBps", &h->blkio_device_read_bps, sizeof(struct throttle_device) },
                { "BlkioDeviceWriteBps", &h->blkio_device_write_bps, sizeof(struct throttle_device) },
                { "BlkioDeviceReadIOps", &h->blkio_device_read_iops, sizeof(struct throttle_device) },
                { "BlkioDeviceWriteIOps", &h->blkio_device_write_iops, sizeof(struct throttle_device) },
        };
        int r = 0;

        for (size_t i = 0; r == 0 && i < ARRAY_SIZE(lists); ++i)
                r = read_list(f, arena, lists[i].field, lists[i].list, lists[i].size);
        return r;
}
