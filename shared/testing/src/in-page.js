// Runs inside the page: what only a browser knows about how it is drawn.
const known = new Map()
const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
const parts = (colour) => {
  if (!known.has(colour)) {
    canvas.clearRect(0, 0, 1, 1)
    canvas.fillStyle = colour
    canvas.fillRect(0, 0, 1, 1)
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data
    known.set(colour, [r, g, b, a / 255])
  }
  return known.get(colour)
}
const over = ([r, g, b, a], [x, y, z]) => [r * a + x * (1 - a), g * a + y * (1 - a), b * a + z * (1 - a), 1]
const light = (colour) => {
  const [r, g, b] = colour.map((value) => {
    const part = value / 255
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
const behind = (element) => {
  if (!element) return parts(getComputedStyle(document.documentElement).backgroundColor)
  const own = parts(getComputedStyle(element).backgroundColor)
  return own[3] === 1 ? own : over(own, behind(element.parentElement))
}
const texts = () => {
  const found = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) found.push(node)
  return found.filter((node) => node.textContent.trim() !== '' && node.parentElement.checkVisibility())
}
const shown = (element) => element.textContent.trim().slice(0, 40)

globalThis.careful = {
  /** Text below the contrast of WCAG AA: 4.5, or 3 where it is large. */
  lowContrast: () =>
    texts().flatMap((node) => {
      const style = getComputedStyle(node.parentElement)
      const ground = behind(node.parentElement)
      const [a, b] = [light(over(parts(style.color), ground)), light(ground)]
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
      const size = Number.parseFloat(style.fontSize)
      const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700)
      return ratio < (large ? 3 : 4.5) ? [`${ratio.toFixed(2)} ${shown(node)}`] : []
    }),
  /** What sticks out of the page to the right. */
  overflowing: () =>
    document.documentElement.scrollWidth <= innerWidth
      ? []
      : [...document.querySelectorAll('body *')]
          .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
          .map((element) => `${element.tagName}.${element.className} ${shown(element)}`),
  /** What is to be touched and lower than 44 px; links inside sentences aside. */
  smallTargets: () =>
    [
      ...document.querySelectorAll(
        'button, summary, input:not([type="hidden"]), select, textarea, nav a, .main-link',
      ),
    ]
      .filter((element) => element.checkVisibility())
      .map((element) =>
        element.matches('[type="radio"], [type="checkbox"]') ? element.closest('label') : element,
      )
      .filter((element) => element.getBoundingClientRect().height < 43.5)
      .map((element) => `${Math.round(element.getBoundingClientRect().height)} ${shown(element)}`),
  /** What a reader who hears the page, or walks it by keyboard, would miss. */
  structure: () => {
    const problems = []
    const expectOne = (selector) => {
      const count = document.querySelectorAll(selector).length
      if (count !== 1) problems.push(`${count} of ${selector}`)
    }
    for (const selector of ['h1', 'main', 'body > header', '.skip', 'main h1']) expectOne(selector)
    if (document.documentElement.lang !== 'en') problems.push('no lang')
    if (!/^\S.* · Gatehouse$/.test(document.title)) problems.push(`title ${document.title}`)
    const ids = [...document.querySelectorAll('[id]')].map((element) => element.id)
    problems.push(...ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `twice: #${id}`))
    const levels = [...document.querySelectorAll('main :is(h1, h2, h3, h4, h5, h6)')]
    for (const [at, heading] of levels.entries()) {
      const before = at === 0 ? 0 : Number(levels[at - 1].tagName[1])
      if (Number(heading.tagName[1]) > before + 1) problems.push(`${heading.tagName} ${shown(heading)}`)
    }
    for (const input of document.querySelectorAll('input:not([type="hidden"]), select, textarea')) {
      if (input.labels.length === 0 && !input.ariaLabel) problems.push(`no label: ${input.name}`)
    }
    for (const element of document.querySelectorAll('[aria-describedby], [aria-labelledby]')) {
      const named = element.getAttribute('aria-describedby') ?? element.getAttribute('aria-labelledby')
      if (!document.getElementById(named)) problems.push(`names nothing: ${named}`)
    }
    const navigations = [...document.querySelectorAll('nav')].map((nav) => nav.ariaLabel ?? '')
    if (new Set(navigations).size !== navigations.length || navigations.includes('')) {
      problems.push(`navigations ${navigations}`)
    }
    for (const element of document.querySelectorAll('a, button, summary')) {
      const name = element.ariaLabel || element.textContent.trim() || element.querySelector('img')?.alt
      if (!name) problems.push(`no name: ${element.outerHTML.slice(0, 80)}`)
    }
    return problems
  },
  /** Where Tab should stop, as places in the document. */
  stops: () => {
    const every = [...document.querySelectorAll('*')]
    return every.flatMap((element, at) =>
      element.matches(
        'a[href], button, summary, input:not([type="hidden"]), select, textarea, [tabindex="0"]',
      ) && element.checkVisibility()
        ? [at]
        : [],
    )
  },
  /** Where Tab stopped, and whether one sees it. */
  stop: () => {
    const element = document.activeElement
    const { outlineStyle, outlineWidth } = getComputedStyle(element)
    const { top, bottom, right, left } = element.getBoundingClientRect()
    const seen = bottom > 0 && top < innerHeight && right > 0 && left < innerWidth
    const ring = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2
    return {
      at: [...document.querySelectorAll('*')].indexOf(element),
      visible: seen && ring,
      text: `${element.tagName} ${shown(element)}`,
    }
  },
  /** What moves or would move. */
  moving: () =>
    [...document.querySelectorAll('*')].flatMap((element) => {
      const { animationName, transitionDuration, scrollBehavior } = getComputedStyle(element)
      const still = animationName === 'none' && /^(0s(, )?)+$/.test(transitionDuration)
      return still && scrollBehavior === 'auto' ? [] : [`${element.tagName}.${element.className}`]
    }),
  focused: () => document.activeElement.id || shown(document.activeElement) || document.activeElement.tagName,
  outline: () => getComputedStyle(document.activeElement).outlineStyle,
  announced: () => document.getElementById('announce').textContent,
  connection: () => document.getElementById('connection').textContent,
  borders: () =>
    [...document.querySelectorAll('.badge, .button')].map(
      (element) => getComputedStyle(element).borderTopWidth,
    ),
  movement: () => {
    const part = document.createElement('div')
    part.className = 'fresh'
    document.body.append(part)
    return getComputedStyle(part).animationName
  },
  /** Elements that only somebody else can have put into the content, and forms that lead elsewhere. */
  foreign: () => {
    const strange = 'main script, main style, main iframe, main svg, main base, main meta, main object'
    const forms = [...document.forms].filter(
      (form) => form.method !== 'dialog' && new URL(form.action).origin !== location.origin,
    )
    return [...document.querySelectorAll(strange), ...forms].map((element) => element.outerHTML.slice(0, 80))
  },
}

addEventListener('securitypolicyviolation', (event) => {
  globalThis.complainOfPolicy?.(`policy: ${event.violatedDirective} ${event.blockedURI}`)
})
