// The run panel and the training view, as a person reads them.
import assert from 'node:assert/strict';
import { until } from './workbench.mjs';

/** The 32-bit number that a table's cell stands for: "−0.25", "3.2×10⁻⁸", "10⁻⁵". */
export function numberOf(text) {
  const ascii = text.replaceAll('−', '-').replace(/(×?)10(⁻?)([⁰¹²³⁴⁵⁶⁷⁸⁹]+)$/, (_, times, minus, raised) => {
    const exponent = [...raised].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(digit)).join('');
    return `${times ? '' : '1'}e${minus ? '-' : ''}${exponent}`;
  });
  return Math.fround(Number(ascii));
}

/** The rows of what can be shown as a table, its head first, page by page: [text, text...] each. */
async function tableOf(figure) {
  // A figure within it has one of its own.
  const asTable = figure.getByRole('button', { name: 'Show as a table' }).first();
  await asTable.click();
  // In one go, as the table goes on growing.
  const rows = await figure.evaluate((element) => {
    const button = (name) => element.querySelector(`[aria-label="${name}"]`);
    const read = (selector) =>
      [...element.querySelectorAll(selector)].map((row) => [...row.cells].map((cell) => cell.textContent));
    const place = () => read('tbody tr')[0]?.[0];
    const all = [...read('thead tr')];
    let first;
    do {
      first = place();
      button('Previous rows').click();
    } while (place() !== first);
    do {
      first = place();
      all.push(...read('tbody tr'));
      button('Next rows').click();
    } while (place() !== first);
    return all;
  });
  await asTable.click();
  return rows;
}

class View {
  /** Playwright's frame. */
  frame;

  constructor(frame) {
    this.frame = frame;
  }

  /** Everything it says. */
  text() {
    return this.frame.locator('body').innerText();
  }

  /** Waits until it says something. */
  async says(what) {
    const isSaid = (text) => (what instanceof RegExp ? what.test(text) : text.includes(what));
    await until(`the page says ${what}`, async () => isSaid(await this.text()));
  }

  /** Presses a button by its whole name. */
  async press(name) {
    await this.frame.getByRole('button', { name, exact: true }).first().click();
  }
}

/** The training view in the sidebar. */
export class Training extends View {
  static async of(window) {
    await window.showSidebar('Unroll');
    return new Training(await window.pageWith('main.training'));
  }
}

/** The editor that shows a run. */
export class Panel extends View {
  static async of(window) {
    return new Panel(await window.pageWith('main.panel'));
  }

  async tab(name) {
    await this.frame.getByRole('tab', { name, exact: true }).click();
  }

  /** A chart and what belongs to it, by its title. */
  figure(title) {
    return this.frame.getByRole('region', { name: title, exact: true });
  }

  /**
   * What a chart has drawn, read from its table, page by page: { column: text } of each row.
   *
   * @param {string} title
   */
  async drawn(title) {
    const [columns, ...rows] = await tableOf(this.figure(title));
    return rows.map((cells) => Object.fromEntries(columns.map((name, i) => [name, cells[i]])));
  }

  /**
   * Chooses a tensor, and of it "Value" or "Gradient", once it is shown `asOf` a step.
   *
   * @returns its elements, row by row, as the 32-bit numbers that they stand for, and the norm
   */
  async tensor(name, kind, asOf) {
    await this.frame.locator('.tensor-list vscode-text-field input').fill(name);
    await this.frame.locator('.tensor-list .choice').filter({ hasText: name }).first().click();
    const head = this.frame.locator('.tensor-head');
    await head.getByRole('radio', { name: kind, exact: true }).click();
    let rows = [];
    await until(`${kind} of ${name} ${asOf}`, async () => {
      const said = await head.innerText();
      if (!said.includes(name) || !said.includes(asOf)) return false;
      [, ...rows] = await tableOf(this.frame.locator('.heat-section'));
      return rows.length > 0;
    });
    const norm = this.frame.locator('table.statistics tr', { hasText: '2-norm' }).locator('td').first();
    return {
      cells: rows.flatMap(([, ...cells]) => cells.map(numberOf)),
      norm: numberOf(await norm.innerText()),
    };
  }

  /** The windows of a recurrent layer, as the table of its heatmap has them: { step, largest, first, last }. */
  async windows(layer) {
    const [, ...rows] = await tableOf(this.frame.locator(`section.layer[aria-label="${layer}"]`));
    return rows.map(([step, ...norms]) => {
      const [largest, first, last] = norms.map(numberOf);
      return { step: Number(step.replaceAll(',', '')), largest, first, last };
    });
  }

  /** The points of one of a chart's curves: { step, value }, the value as the 32-bit number that it stands for. */
  async points(title, curve) {
    return (await this.drawn(title))
      .filter((row) => row[curve] !== '')
      .map((row) => {
        const [, step] = /^step ([\d,]+)/.exec(Object.values(row)[0]) ?? [];
        return {
          step: Number(step.replaceAll(',', '')),
          value: numberOf(row[curve]),
        };
      });
  }

  /** Waits for a curve to have as many points as it should, a moment after the words; they are then the same. */
  async draws(title, curve, expected) {
    await until(`${expected.length} points of ${curve}`, async () => {
      return (await this.points(title, curve)).length >= expected.length;
    });
    assert.deepEqual(await this.points(title, curve), expected);
  }

  /** Waits until a screen reader is told `what` at a place of a chart, which keys lead to ("End": the last point). */
  async speaks(title, keys, what) {
    const plot = this.figure(title).getByRole('application');
    await plot.focus();
    for (const key of keys) await plot.press(key);
    const spoken = this.frame.locator('[role=status][aria-live]');
    await until(`the chart ${title} says ${what}`, async () => what.test(await spoken.innerText()));
  }
}
