/**
 * Updates as rows: the columns of a channel, and values as what they have in each column.
 *
 * <p>Thread: the shard's io thread.
 */
package penstock.rows;
