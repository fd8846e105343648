/**
 * The words of a venue file: expressions, conditions, timestamps, templates. Each is compiled once when the file is read; what runs
 * per frame makes no garbage unless a filter or a string escape is involved.
 *
 * <p>Thread: "feed". Knows nothing of connections and channels.
 */
package penstock.feed.rules;
