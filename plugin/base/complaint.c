#include "docksill/base/complaint.h"

bool complaint_due(struct complaint *c, int64_t now) {
        if (c->at && now - c->at < COMPLAINT_PERIOD)
                return false;
        c->at = now;
        c->told = true;
        return true;
}

enum complaint_news complaint_news(struct complaint *c, bool trouble, int64_t now) {
        if (trouble)
                return !c->told && complaint_due(c, now) ? COMPLAINT_BEGUN : COMPLAINT_NONE;
        if (!c->told)
                return COMPLAINT_NONE;
        c->told = false;
        return COMPLAINT_OVER;
}
