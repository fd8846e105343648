package penstock.testkit;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How many files and sockets this process has open. */
public final class OpenFiles {
    private OpenFiles() {
    }

    /** Now; a count that falls back after a while has lost nothing. */
    public static long count() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getOpenFileDescriptorCount();
    }
}
