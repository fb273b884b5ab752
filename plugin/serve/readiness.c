#include "readiness.h"
#include "docksill/base/clock.h"

static bool judges(const struct control_view *view, struct text *why) {
        switch (vital_ask(view->vital, clock_monotonic())) {
        case VITAL_RIGHT: return true;
        case VITAL_WRONG:
                text_addz(why, "a request of docksill's own is not judged as it was when the rules came into force: "
                               "restart docksill");
                break;
        case VITAL_SILENT:
                text_addf(why,
                          "the thread that decides has not answered for %d ms: it hangs, or the machine is very "
                          "busy",
                          view->vital->patience);
                break;
        }
        return false;
}

bool readiness_look(const struct control_view *view, struct text *why) {
        struct writer_counts records = { 0 };
        struct tally *t = metrics_tally(view->metrics);
        bool any = t != NULL;

        tally_unref(t);
        if (!any) {
                text_addz(why, "no rules are in force yet");
                return false;
        }
        if (view->writer)
                records = writer_counts(view->writer);
        if (records.troubled) {
                text_addz(why, records.failing ? "records can't be written: docksill's log says why"
                                               : "a write of records does not come back: the disk hangs");
                return false;
        }
        return judges(view, why);
}
