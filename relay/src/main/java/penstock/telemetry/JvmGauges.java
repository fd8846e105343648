package penstock.telemetry;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;

/**
 * Gauges of the process: memory, threads, garbage collections, file descriptors. Registered once, by the main thread.
 */
public final class JvmGauges {
    private JvmGauges() {
    }

    /** Adds the gauges of this process. */
    public static void register(final Telemetry telemetry) {
        telemetry.gauge("jvm_heap_used_bytes", "Heap bytes in use, garbage included.", "",
            () -> ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        telemetry.gauge("jvm_buffers_used_bytes", "Bytes of direct buffers.", "", () -> ManagementFactory
            .getPlatformMXBeans(BufferPoolMXBean.class).stream().filter(pool -> pool.getName().equals("direct"))
            .mapToLong(BufferPoolMXBean::getMemoryUsed).sum());
        telemetry.gauge("jvm_threads", "Threads alive.", "",
            () -> ManagementFactory.getThreadMXBean().getThreadCount());
        telemetry.gauge("jvm_gc_count", "Garbage collections since the start.", "",
            () -> ManagementFactory.getGarbageCollectorMXBeans().stream()
            .mapToLong(GarbageCollectorMXBean::getCollectionCount).sum());
        telemetry.gauge("jvm_gc_ms", "Milliseconds in garbage collections since the start.", "",
            () -> ManagementFactory.getGarbageCollectorMXBeans().stream()
            .mapToLong(GarbageCollectorMXBean::getCollectionTime).sum());
        telemetry.gauge("jvm_uptime_ms", "Milliseconds since the start.", "",
            () -> ManagementFactory.getRuntimeMXBean().getUptime());
        final OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        if (system instanceof com.sun.management.UnixOperatingSystemMXBean unix) {
            telemetry.gauge("process_open_fds", "File descriptors open.", "", unix::getOpenFileDescriptorCount);
        }
    }
}
