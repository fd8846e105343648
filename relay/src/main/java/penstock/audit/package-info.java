/**
 * The audit log: who came, who was refused, how each session ended.
 *
 * <p>Threads: any; a thread of its own writes the file.
 */
package penstock.audit;
