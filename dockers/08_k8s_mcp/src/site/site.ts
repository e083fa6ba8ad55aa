import type { Site } from '@gatehouse/host'
import { ownWords } from '@gatehouse/sanitizer'
import { errorBlock, html } from '@gatehouse/web'
import { apiRoutes } from './api-routes.ts'
import type { SiteDeps } from './deps.ts'
import { docsRoutes } from './docs-routes.ts'
import { createFrame } from './frame.ts'
import { homeRoutes } from './home-routes.ts'
import { searchRoutes } from './search-routes.ts'
import { statusRoutes } from './status-routes.ts'
import { templateRoutes } from './template-routes.ts'

/** Every page of this server; they need no token, and most of them no cluster. */
export function createSite(options: Omit<SiteDeps, 'frame'>): Site {
  const frame = createFrame(options.approvals)
  const deps: SiteDeps = { ...options, frame }
  return {
    routes: [
      ...homeRoutes(deps),
      ...docsRoutes(deps),
      ...apiRoutes(deps),
      ...searchRoutes(deps),
      ...templateRoutes(deps),
      ...statusRoutes(deps),
    ],
    errorPage: ({ message, hint, correlationId }) =>
      frame({
        title: ownWords`Not found`,
        content: html`<div class="narrow">${errorBlock(message, hint, correlationId)}<p><a href="/search">Search</a> or begin at the <a href="/">start</a>.</p></div>`,
      }),
  }
}
