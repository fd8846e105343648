/**
 * Licence accounting: who used which product, from which device, and who was entitled to it.
 *
 * <p>Threads: each io thread has its {@link penstock.usage.UsageRecorder}; the thread {@code usage} writes.
 */
package penstock.usage;
