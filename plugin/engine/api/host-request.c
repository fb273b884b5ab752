#include "docksill/engine/host-request.h"

void host_request_init(struct request *out) {
        *out = (struct request){ .operation = operation_find(STR_C(OPERATION_HOST)) };
        facts_init(&out->facts);
        out->facts.request.operation = (struct fact_str){ .head.given = true, .value = out->operation->id };
        for (size_t i = 0; i < fact_table_n; ++i)
                if (fact_table[i].group == GROUP_HOST)
                        ((struct fact_head *)((char *)&out->facts + fact_table[i].at))->state = FACT_OFF;
}
