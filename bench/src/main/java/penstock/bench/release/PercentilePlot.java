package penstock.bench.release;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Percentile curves as SVG, a panel for each scenario: to the right the part of the updates that is still slower, a
 * tenth at each line; upward the latency, on a scale of logarithms. The colours can be distinguished by people who do
 * not see all colours, and the dashes by all. Owned by the main thread.
 */
final class PercentilePlot {
    /** Okabe and Ito's, without the yellow, which is invisible on white. */
    private static final String[] COLOURS =
        {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000"};
    private static final String[] DASHES = {"", "8 4", "2 3", "10 3 2 3", "5 5", "12 3", "1 4"};
    private static final String[] NINES =
        {"", "90 %", "99 %", "99.9 %", "99.99 %", "99.999 %", "99.9999 %", "99.99999 %"};
    private static final int WIDTH = 1000;
    private static final int PANEL_HEIGHT = 400;
    private static final int HEAD_HEIGHT = 56;
    private static final int LEFT = 84;
    private static final int RIGHT = 290;
    private static final int TOP = 40;
    private static final int BOTTOM = 60;

    private final StringBuilder out = new StringBuilder();
    private double mostNines;
    private double lowMs;
    private double highMs;
    private int panelTop;

    private PercentilePlot() {
    }

    /** The picture of these panels, by their titles, each with curves. */
    static String draw(final String title, final Map<String, List<LatencyCurve>> panels) {
        return new PercentilePlot().picture(title, panels);
    }

    private String picture(final String title, final Map<String, List<LatencyCurve>> panels) {
        final int height = HEAD_HEIGHT + panels.size() * PANEL_HEIGHT;
        out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ").append(WIDTH).append(' ').append(height)
            .append("\" width=\"").append(WIDTH).append("\" height=\"").append(height)
            .append("\" font-family=\"Helvetica, Arial, sans-serif\" font-size=\"13\" fill=\"#222222\">\n<title>")
            .append(escape(title))
            .append("</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        text(LEFT, 30, "start", escape(title), " font-size=\"18\" font-weight=\"bold\"");
        text(LEFT, 48, "start", "latency from the time an update was due; all rounds together", " fill=\"#555555\"");
        panelTop = HEAD_HEIGHT;
        panels.forEach((name, curves) -> {
            panel(name, curves);
            panelTop += PANEL_HEIGHT;
        });
        return out.append("</svg>\n").toString();
    }

    private void panel(final String name, final List<LatencyCurve> curves) {
        mostNines = Math.min(NINES.length - 1,
            Math.max(1, Math.ceil(curves.stream().mapToDouble(LatencyCurve::nines).max().orElse(1))));
        // from the 10th percentile on: the fastest few say nothing, and would press the rest together
        lowMs = step(curves.stream().mapToDouble(curve -> curve.ms(10)).min().orElse(0.1), false);
        highMs = Math.max(10 * lowMs, step(curves.stream().mapToDouble(curve -> curve.ms(100)).max().orElse(10), true));
        out.append("<g id=\"").append(escape(name)).append("\">\n");
        text(LEFT, panelTop + TOP - 12, "start", escape(name), " font-size=\"15\" font-weight=\"bold\"");
        grid();
        out.append("<clipPath id=\"inside-").append(panelTop).append("\"><rect x=\"").append(LEFT).append("\" y=\"")
            .append(panelTop + TOP).append("\" width=\"").append(WIDTH - RIGHT - LEFT).append("\" height=\"")
            .append(PANEL_HEIGHT - TOP - BOTTOM).append("\"/></clipPath>\n");
        final int legend = WIDTH - RIGHT + 16;
        for (int i = 0; i < curves.size(); i++) {
            final LatencyCurve curve = curves.get(i);
            final String look = "stroke=\"" + COLOURS[i % COLOURS.length]
                + "\" stroke-width=\"2.2\" stroke-dasharray=\""
                + (DASHES[i % DASHES.length].isEmpty() ? "none" : DASHES[i % DASHES.length]) + "\"";
            curve(curve, look);
            final int y = panelTop + TOP + 16 + 40 * i;
            out.append("<line x1=\"").append(legend).append("\" y1=\"").append(y - 4).append("\" x2=\"")
                .append(legend + 34)
                .append("\" y2=\"").append(y - 4).append("\" ").append(look).append("/>\n");
            text(legend + 42, y, "start", escape(curve.name()), "");
            text(legend + 42, y + 16, "start", "p50 " + FigureText.plain(curve.ms(50)) + " ms, p99 "
                + FigureText.plain(curve.ms(99)) + " ms",
                " fill=\"#555555\" font-size=\"12\"");
        }
        out.append("</g>\n");
    }

    private void grid() {
        final double bottom = y(lowMs);
        final double top = y(highMs);
        for (int nines = 0; nines <= mostNines; nines++) {
            line(x(nines), top, x(nines), bottom, "#d0d0d0");
            text(x(nines), bottom + 18, "middle", NINES[nines], "");
        }
        line(x(Math.log10(2)), top, x(Math.log10(2)), bottom, "#ececec");
        text(x(Math.log10(2)), bottom + 18, "middle", "50 %", "");
        for (double decade = Math.pow(10, Math.floor(Math.log10(lowMs))); decade <= highMs * 1.001; decade *= 10) {
            for (final int part : new int[] {1, 2, 5}) {
                final double ms = decade * part;
                if (ms >= lowMs * 0.999 && ms <= highMs * 1.001) {
                    line(x(0), y(ms), x(mostNines), y(ms), part == 1 ? "#d0d0d0" : "#ececec");
                    text(x(0) - 8, y(ms) + 4, "end", FigureText.plain(ms), part == 1 ? ""
                        : " fill=\"#777777\" font-size=\"11\"");
                }
            }
        }
        line(x(0), top, x(0), bottom, "#555555");
        line(x(0), bottom, x(mostNines), bottom, "#555555");
        text((x(0) + x(mostNines)) / 2, bottom + 40, "middle", "percentile", "");
        final double middle = (top + bottom) / 2;
        text(24, middle, "middle", "latency, ms",
            String.format(Locale.ROOT, " transform=\"rotate(-90 24 %.1f)\"", middle));
    }

    private void curve(final LatencyCurve curve, final String look) {
        out.append("<polyline fill=\"none\" ").append(look)
            .append(" stroke-linejoin=\"round\" clip-path=\"url(#inside-").append(panelTop)
            .append(")\" points=\"");
        for (final double[] point : curve.points(mostNines)) {
            out.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(point[0]), y(point[1])));
        }
        out.setLength(out.length() - 1);
        out.append("\"><title>").append(escape(curve.name())).append("</title></polyline>\n");
    }

    private double x(final double nines) {
        return LEFT + nines / mostNines * (WIDTH - RIGHT - LEFT);
    }

    private double y(final double ms) {
        final double part = Math.log(ms / lowMs) / Math.log(highMs / lowMs);
        return panelTop + PANEL_HEIGHT - BOTTOM - part * (PANEL_HEIGHT - TOP - BOTTOM);
    }

    private void line(final double x1, final double y1, final double x2, final double y2, final String colour) {
        out.append(String.format(Locale.ROOT,
            "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>%n", x1, y1, x2, y2,
            colour));
    }

    private void text(final double x, final double y, final String anchor, final String text, final String more) {
        out.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"%s>%s</text>%n", x, y,
            anchor, more, text));
    }

    /** The next of 1, 2, 5, 10, … that is not beyond, or not below. */
    private static double step(final double ms, final boolean up) {
        final double decade = Math.pow(10, Math.floor(Math.log10(ms)));
        double best = up ? 10 * decade : decade;
        for (final int part : new int[] {1, 2, 5}) {
            final double each = decade * part;
            if (up ? each >= ms && each < best : each <= ms && each > best) {
                best = each;
            }
        }
        return best;
    }

    private static String escape(final String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
