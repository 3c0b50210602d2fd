package io.proactor.benchmarks.report;

import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.Rectangle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGraphics2D;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.labels.ItemLabelAnchor;
import org.jfree.chart.labels.ItemLabelPosition;
import org.jfree.chart.labels.StandardCategoryItemLabelGenerator;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.category.DefaultCategoryDataset;
import org.w3c.dom.Document;

/** Draws bar charts into SVG files. */
final class Charts {

    private static final String SVG = "http://www.w3.org/2000/svg";
    private static final int WIDTH = 720;
    private static final int BAR_HEIGHT = 22;
    private static final int FRAME_HEIGHT = 90;
    private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    private static final Pattern OWN = Pattern.compile("(uring|queue|nio2)(-.*)?");
    private static final Color OURS = new Color(0x1F, 0x77, 0xB4);
    private static final Color OTHERS = new Color(0x9A, 0xA0, 0xA6);

    private final Path folder;

    Charts(Path folder) {
        this.folder = folder;
    }

    /** Returns whether a server is one of this library. */
    static boolean own(String server) {
        return OWN.matcher(server).matches();
    }

    /** Draws the processor time of every case, and returns Markdown that shows the charts. */
    String processorTime(LoadTable loads) throws IOException {
        StringBuilder markdown = new StringBuilder();
        for (String load : loads.cases()) {
            Map<String, Double> bars = new LinkedHashMap<>();
            loads.servers().forEach(server -> {
                double ratio = loads.median(load, server, LoadFigures::ratio);
                if (!Double.isNaN(ratio)) {
                    bars.put(server, ratio);
                }
            });
            markdown.append(draw("cpu-" + load.replace(',', '-'), "0.00",
                    "Processor time for a round trip, × reference: " + load, bars));
        }
        return markdown.toString();
    }

    /** Draws what idle connections cost, and returns Markdown that shows the chart. */
    String idle(List<IdleFigures> idles) throws IOException {
        Map<String, Double> bars = new LinkedHashMap<>();
        idles.forEach(idle -> bars.put(idle.server(), idle.sum()));
        return draw("idle", "0", "Memory of an idle connection, bytes", bars);
    }

    /** Draws one bar for each name, and returns Markdown that shows the chart. */
    String draw(String name, String format, String title, Map<String, Double> bars)
            throws IOException {
        DefaultCategoryDataset data = new DefaultCategoryDataset();
        bars.forEach((bar, value) -> {
            data.addValue(own(bar) ? value : null, "ours", bar);
            data.addValue(own(bar) ? null : value, "others", bar);
        });
        JFreeChart chart = ChartFactory.createStackedBarChart(title, null, null, data,
                PlotOrientation.HORIZONTAL, false, false, false);
        chart.setBackgroundPaint(Color.WHITE);
        chart.getTitle().setFont(TEXT.deriveFont(Font.BOLD));
        style(chart.getCategoryPlot(), format);
        write(chart, FRAME_HEIGHT + BAR_HEIGHT * bars.size(), folder.resolve(name + ".svg"));
        return "![" + title + "](" + folder.getFileName() + "/" + name + ".svg)\n";
    }

    private static void style(CategoryPlot plot, String format) {
        plot.setBackgroundPaint(Color.WHITE);
        plot.setRangeGridlinePaint(Color.LIGHT_GRAY);
        plot.getDomainAxis().setTickLabelFont(TEXT);
        plot.getDomainAxis().setCategoryMargin(0.3);
        plot.getRangeAxis().setTickLabelFont(TEXT);
        plot.getRangeAxis().setUpperMargin(0.12);  // room for the number behind the longest bar
        BarRenderer bars = (BarRenderer) plot.getRenderer();
        bars.setBarPainter(new StandardBarPainter());
        bars.setShadowVisible(false);
        bars.setSeriesPaint(0, OURS);
        bars.setSeriesPaint(1, OTHERS);
        bars.setDefaultPositiveItemLabelPosition(
                new ItemLabelPosition(ItemLabelAnchor.OUTSIDE3, TextAnchor.CENTER_LEFT));
        bars.setDefaultItemLabelGenerator(new StandardCategoryItemLabelGenerator("{2}",
                new DecimalFormat(format, DecimalFormatSymbols.getInstance(Locale.ROOT))));
        bars.setDefaultItemLabelFont(TEXT);
        bars.setDefaultItemLabelsVisible(true);
    }

    private static void write(JFreeChart chart, int height, Path file) throws IOException {
        Document document;
        try {
            document = DocumentBuilderFactory.newInstance().newDocumentBuilder()
                    .getDOMImplementation().createDocument(SVG, "svg", null);
        } catch (ParserConfigurationException e) {
            throw new IOException("This Java has no XML.", e);
        }
        SVGGraphics2D graphics = new SVGGraphics2D(document);
        graphics.setSVGCanvasSize(new Dimension(WIDTH, height));
        chart.draw(graphics, new Rectangle(WIDTH, height));
        Files.createDirectories(file.getParent());
        try (var out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            graphics.stream(out, true);
        }
    }
}
