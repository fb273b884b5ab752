/* The input is a report: what is read of it is written in docksill's own form, and comes back from that as it was. */
#include "docksill/base/text.h"
#include "docksill/engine/scan.h"
#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void assert_alike(const struct scan_report *a, const struct scan_report *b) {
        assert(a->looked == b->looked && a->flaws.n == b->flaws.n && a->packages.n == b->packages.n);
        assert(a->images.n == b->images.n && a->secrets == b->secrets);
        for (size_t i = 0; i < a->flaws.n; ++i)
                assert(str_eq(a->flaws.items[i].id, b->flaws.items[i].id) &&
                       a->flaws.items[i].level == b->flaws.items[i].level &&
                       a->flaws.items[i].fixable == b->flaws.items[i].fixable);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        const struct scan_filter nothing = { 0 };
        const struct str json = { (const char *)data, size };
        struct scan_report report = { 0 }, again = { 0 };
        struct scan_ids ids = { 0 };
        struct arena arena;
        struct text form;
        struct scan scan;

        arena_init(&arena, (size_t)64 << 20);
        (void)!scan_exploited_read(&ids, &arena, json);
        if (!scan_report_read(&report, &arena, json)) {
                text_init_arena(&form, &arena);
                scan_report_add(&form, &report);
                assert(!scan_report_read(&again, &arena, text_str(&form)));
                assert_alike(&report, &again);
                assert(scan_sum(&scan, &arena, &again, &nothing, 0) == 0);
        }
        arena_deinit(&arena);
        return 0;
}
