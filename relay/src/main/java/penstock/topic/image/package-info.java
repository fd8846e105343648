/**
 * The image of a topic, one kind per conflation class, and the views of it that subscribers are sent: some fields, only
 * what changed, the best levels of a book.
 *
 * <p>Thread: the shard that owns the topic; conflators belong to the feed thread. Knows nothing of topics and channels.
 */
package penstock.topic.image;
