// Folding, filters and search of the HTML report. Without it all is open and visible. Touches no network and no storage.
'use strict';
(() => {
        const form = document.getElementById('filter');
        const groups = Array.from(document.querySelectorAll('details.group'));
        const rows = Array.from(document.querySelectorAll('tr.subject'));
        const texts = new Map();

        // What is searched, made once an entry.
        const textOf = (entry) => {
                if (!texts.has(entry))
                        texts.set(entry, entry.textContent.toLowerCase());
                return texts.get(entry);
        };

        const fits = (entry, names) => names.every((name) => {
                const wanted = form.elements[name].value;
                return wanted === '' || entry.dataset[name].split(' ').includes(wanted);
        });

        const show = () => {
                const words = form.elements.search.value.toLowerCase().split(/\s+/).filter((word) => word !== '');
                const found = (entry) => words.every((word) => textOf(entry).includes(word));
                let shown = 0;

                for (const group of groups) {
                        group.hidden = !(fits(group, ['severity', 'state', 'area']) && found(group));
                        shown += group.hidden ? 0 : 1;
                }
                for (const row of rows)
                        row.hidden = !(fits(row, ['area']) && found(row));
                document.getElementById('shown').textContent = `${shown} of ${groups.length} entries shown`;
        };

        const fold = (open) => {
                for (const group of groups)
                        group.open = open;
        };

        // A link into a folded entry opens it, and lifts a filter that hides it.
        const follow = () => {
                const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
                const group = target && target.closest('details');

                if (!group)
                        return;
                if (group.hidden) {
                        form.reset();
                        show();
                }
                group.open = true;
                group.scrollIntoView();
        };

        let folded = [];
        window.addEventListener('beforeprint', () => {
                folded = Array.from(document.querySelectorAll('details:not([open])'));
                folded.forEach((entry) => { entry.open = true; });
        });
        window.addEventListener('afterprint', () => {
                folded.forEach((entry) => { entry.open = false; });
        });
        window.addEventListener('hashchange', follow);

        if (!form)
                return;
        form.hidden = false;
        form.addEventListener('submit', (event) => event.preventDefault());
        form.addEventListener('reset', () => setTimeout(show));
        form.addEventListener('input', show);
        document.getElementById('unfold').addEventListener('click', () => fold(true));
        document.getElementById('fold').addEventListener('click', () => fold(false));
        fold(false);
        show();
        follow();
})();
