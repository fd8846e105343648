/**
 * Recordings of feeds: their files and marks, and how they are read, while they are written too.
 *
 * <p>Thread: the one that reads. Does not know who plays what is read, or who wrote it.
 */
package penstock.recording;
