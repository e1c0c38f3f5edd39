#version 300 es
// The pane of a film as two triangles. Positions are ScreenPx; the film itself is found per fragment.
uniform vec4 u_pane;       // x, y, width, height, ScreenPx: whole device pixels
uniform vec2 u_page;       // ScreenPx: whole device pixels
out vec2 v_screen;
out vec2 v_sample;         // in the texture of what film_sample.frag found for the pane

void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  v_screen = u_pane.xy + corner * u_pane.zw;
  v_sample = vec2(corner.x, 1.0 - corner.y);
  gl_Position = vec4(v_screen.x / u_page.x * 2.0 - 1.0, 1.0 - v_screen.y / u_page.y * 2.0, 0.0, 1.0);
}
