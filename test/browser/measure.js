// Asked of a page: texts whose contrast is too low, what has no name, what overflows. Returns sentences.
(() => {
        const wrong = [];
        const say = (element, what) => wrong.push(`${element.tagName.toLowerCase()}.${element.getAttribute('class') || ''} "${(element.textContent || '').trim().slice(0, 30)}": ${what}`);

        const colour = (text) => {
                const numbers = (text.match(/[\d.]+/g) || []).map(Number);
                return { rgb: numbers.slice(0, 3), alpha: numbers.length > 3 ? numbers[3] : 1 };
        };
        const light = (rgb) => {
                const [r, g, b] = rgb.map((value) => value / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const contrast = (a, b) => {
                const [x, y] = [light(a), light(b)].sort((m, n) => n - m);
                return (x + 0.05) / (y + 0.05);
        };
        // Of what lies behind an element: the first that is not seen through.
        const behind = (element) => {
                const tile = element.closest('g') && element.closest('g').querySelector('rect');
                if (tile)
                        return colour(getComputedStyle(tile).fill).rgb;
                for (let e = element; e; e = e.parentElement) {
                        const c = colour(getComputedStyle(e).backgroundColor);
                        if (c.alpha === 1)
                                return c.rgb;
                }
                return [255, 255, 255];
        };

        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        const seen = new Set();
        while (walker.nextNode()) {
                const element = walker.currentNode.parentElement;
                if (seen.has(element) || !walker.currentNode.data.trim() || element.closest('script, style, svg > title, desc, g > title'))
                        continue;
                seen.add(element);
                const style = getComputedStyle(element);
                const ink = colour(element.closest('svg') ? style.fill : style.color).rgb;
                const ratio = contrast(ink, behind(element));
                if (ratio < 4.5)
                        say(element, `contrast ${ratio.toFixed(2)}`);
                if (parseFloat(style.fontSize) < 10)
                        say(element, `letters of ${style.fontSize}`);
        }
        for (const field of document.querySelectorAll('input, select'))
                if (!field.labels.length)
                        say(field, 'has no label');
        for (const drawing of document.querySelectorAll('svg:not([aria-hidden])'))
                if (!drawing.querySelector('title').textContent || !drawing.querySelector('desc').textContent)
                        say(drawing, 'is not told in words');
        for (const table of document.querySelectorAll('table'))
                if (!table.caption || !table.querySelector('th[scope="col"]'))
                        say(table, 'has no caption or no heads');
        for (const box of document.querySelectorAll('.scroll'))
                if (box.tabIndex !== 0 || !(box.ariaLabel || box.getAttribute('aria-labelledby')))
                        say(box, 'scrolls, but no key does it');
        if (document.documentElement.scrollWidth > document.documentElement.clientWidth)
                wrong.push(`the page is ${document.documentElement.scrollWidth} wide`);
        return wrong.slice(0, 10);
})()
