/**
 * Entries that carry the version of their last change: what an order book's side and an object's fields have in common.
 *
 * <p>Thread: the owner of the book or the image.
 */
package penstock.versioned;
