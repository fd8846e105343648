package penstock.venue.plugin;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * Where plugins are looked for: beside the relay's own classes, and in the jars of a folder that the command line
 * names. Set once, by the main thread, before a venue file is read; read by any thread.
 */
public final class PluginJars {
    private static volatile ClassLoader loader = PluginJars.class.getClassLoader();

    private PluginJars() {
    }

    /**
     * Looks for plugins in all jars of a folder, too.
     *
     * @return the names of all plugins
     * @throws IOException with the reason: no such folder, no jar in it, a jar whose plugin cannot be loaded
     */
    public static List<String> load(final Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException("there is no folder " + folder);
        }
        final List<URL> jars = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jar")) {
            for (final Path file : files) {
                jars.add(file.toUri().toURL());
            }
        }
        if (jars.isEmpty()) {
            throw new IOException("there is no jar in " + folder);
        }
        final ClassLoader own = PluginJars.class.getClassLoader();
        final ClassLoader withJars = new URLClassLoader("plugins", jars.toArray(URL[]::new), own);
        final List<String> names = new ArrayList<>();
        try {
            ServiceLoader.load(VenuePlugin.class, withJars).forEach(plugin -> names.add(plugin.name()));
        } catch (final ServiceConfigurationError | LinkageError e) {
            throw new IOException("a plugin in " + folder + " cannot be loaded: " + e.getMessage(), e);
        }
        loader = withJars;
        return names;
    }

    /** Looks beside the relay's own classes only. */
    static void reset() {
        loader = PluginJars.class.getClassLoader();
    }

    /** All plugins, each a new object. */
    static ServiceLoader<VenuePlugin> plugins() {
        return ServiceLoader.load(VenuePlugin.class, loader);
    }
}
