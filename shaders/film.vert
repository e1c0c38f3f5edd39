#version 300 es
// The film's area of the page as two triangles. Positions are ScreenPx; the film itself is found per fragment.
uniform vec4 u_area;       // x, y, width, height, ScreenPx
uniform vec2 u_page;       // ScreenPx
out vec2 v_screen;

void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  v_screen = u_area.xy + corner * u_area.zw;
  gl_Position = vec4(v_screen.x / u_page.x * 2.0 - 1.0, 1.0 - v_screen.y / u_page.y * 2.0, 0.0, 1.0);
}
