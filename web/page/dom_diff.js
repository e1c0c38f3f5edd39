// Brings a DOM element's children in line with a description, changing as little as possible, so that the focus and a
// screen reader's place survive. Knows nothing of films.

/**
 * @typedef {object} Node
 * @property {string} tag
 * @property {string} key unique among its siblings; an element is reused for the same key
 * @property {Object<string, string>} [attributes]
 * @property {string} [text] instead of children
 * @property {Node[]} [children]
 *
 * @param {Element} parent
 * @param {Node[]} nodes
 */
export function updateChildren(parent, nodes) {
  const tags = new Map(nodes.map((node) => [node.key, node.tag]));
  /** @type {Map<string|undefined, HTMLElement>} */
  const kept = new Map();
  for (const child of /** @type {HTMLElement[]} */ ([...parent.children])) {
    if (tags.get(child.dataset.key ?? '') === child.localName) kept.set(child.dataset.key, child);
    else child.remove();
  }
  let before = parent.firstElementChild;
  for (const node of nodes) {
    const element = kept.get(node.key) ?? createElement(parent.ownerDocument, node);
    updateElement(element, node);
    if (element === before) before = element.nextElementSibling;
    else parent.insertBefore(element, before);
  }
}

/** @param {Document} document @param {Node} node */
function createElement(document, node) {
  const element = document.createElement(node.tag);
  element.dataset.key = node.key;
  return element;
}

/** What an element was last made of: the same description again is no work. @type {WeakMap<Element, Node>} */
const made = new WeakMap();

/** @param {Element} element @param {Node} node */
function updateElement(element, node) {
  if (made.get(element) === node) return;
  made.set(element, node);
  const { attributes = {}, text, children } = node;
  for (const { name } of [...element.attributes]) {
    if (name !== 'data-key' && !(name in attributes)) element.removeAttribute(name);
  }
  for (const [name, value] of Object.entries(attributes)) {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
  if (children) updateChildren(element, children);
  else if (element.textContent !== (text ?? '')) element.textContent = text ?? '';
}
