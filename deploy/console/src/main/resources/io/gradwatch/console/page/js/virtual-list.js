// A long list of rows of one height of which only those in sight are in the document. It scrolls
// with the window, so that a phone scrolls it as it scrolls any page.

const AHEAD = 8;

export class VirtualList {
  /**
   * @param body the element that holds the rows
   * @param make makes a row's element
   * @param update writes an item into a row's element: (element, item, index)
   */
  constructor(body, make, update) {
    this.body = body;
    this.make = make;
    this.update = update;
    this.items = [];
    this.rowHeight = 56;
    this.shown = new Map();
    this.spare = [];
    this.frame = 0;
    this.onScroll = () => this.schedule();
    addEventListener("scroll", this.onScroll, { passive: true });
    addEventListener("resize", this.onScroll, { passive: true });
  }

  /** Height of every row in CSS pixels. */
  setRowHeight(height) {
    if (this.rowHeight !== height) {
      this.rowHeight = height;
      this.setItems(this.items);
    }
  }

  /** Shows these items from now on. */
  setItems(items) {
    this.items = items;
    this.body.style.height = `${items.length * this.rowHeight}px`;
    this.draw(true);
  }

  /** Draws at the next frame. */
  schedule() {
    if (this.frame === 0) {
      this.frame = requestAnimationFrame(() => {
        this.frame = 0;
        this.draw(false);
      });
    }
  }

  /** Writes the rows in sight anew. */
  refresh() {
    this.draw(true);
  }

  draw(all) {
    const top = this.body.getBoundingClientRect().top;
    const first = Math.max(0, Math.floor(-top / this.rowHeight) - AHEAD);
    const past = Math.min(
      this.items.length, Math.ceil((innerHeight - top) / this.rowHeight) + AHEAD);
    for (const [index, element] of this.shown) {
      if (index < first || index >= past) {
        this.shown.delete(index);
        this.spare.push(element);
      }
    }
    for (let index = first; index < past; index += 1) {
      let element = this.shown.get(index);
      if (element && !all) {
        continue;
      }
      if (!element) {
        element = this.spare.pop() ?? this.make();
        element.style.transform = `translateY(${index * this.rowHeight}px)`;
        this.shown.set(index, element);
        if (element.parentNode !== this.body) {
          this.body.appendChild(element);
        }
        element.hidden = false;
      }
      this.update(element, this.items[index], index);
    }
    for (const element of this.spare) {
      element.hidden = true;
    }
  }

  /** The element of an item, when it is in sight. */
  elementAt(index) {
    return this.shown.get(index) ?? null;
  }

  /** Scrolls as little as it takes to show an item below what sticks at the top. */
  reveal(index, stickyHeight) {
    const top = this.body.getBoundingClientRect().top + index * this.rowHeight;
    if (top < stickyHeight) {
      scrollBy(0, top - stickyHeight);
    } else if (top + this.rowHeight > innerHeight) {
      scrollBy(0, top + this.rowHeight - innerHeight);
    }
    this.draw(false);
  }

  /** Lets go of the window. */
  stop() {
    removeEventListener("scroll", this.onScroll);
    removeEventListener("resize", this.onScroll);
    cancelAnimationFrame(this.frame);
  }
}
